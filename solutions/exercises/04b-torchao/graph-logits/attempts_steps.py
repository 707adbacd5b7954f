# %% misconception="seven-bits"
# The activations use 128 codes, as eager mode's defaults do; this config uses 256 unless it is told otherwise.
# Remedy: Take `get_default_x86_inductor_quantization_config()` as it is.


# %% wrong misconception="seven-bits" variant=1 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config(reduce_range=True))
    for name in kept:
        quantizer.set_module_name_qconfig(name, None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(examples)
        return convert_pt2e(prepared)(x)


# %% wrong misconception="seven-bits" variant=2 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    rows = torch.export.Dim("rows")
    program = torch.export.export(model, (examples,), dynamic_shapes=({0: rows},))
    config = get_default_x86_inductor_quantization_config(False, False, True)
    quantizer = X86InductorQuantizer().set_global(config)
    [quantizer.set_module_name_qconfig(name, None) for name in kept]
    observed = prepare_pt2e(program.module(), quantizer)
    observed(examples)
    return convert_pt2e(observed)(x).detach()


# %% misconception="found-at-each-call"
# The ranges of the activations are found at each call, and `examples` decide nothing: that is dynamic quantization.
# Remedy: Leave `is_dynamic` at False.


# %% wrong misconception="found-at-each-call" variant=1 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config(is_dynamic=True))
    for name in kept:
        quantizer.set_module_name_qconfig(name, None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(examples)
        return convert_pt2e(prepared)(x)


# %% wrong misconception="found-at-each-call" variant=2 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    rows = torch.export.Dim("rows")
    program = torch.export.export(model, (examples,), dynamic_shapes=({0: rows},))
    config = get_default_x86_inductor_quantization_config(is_dynamic=True)
    quantizer = X86InductorQuantizer().set_global(config)
    [quantizer.set_module_name_qconfig(name, None) for name in kept]
    observed = prepare_pt2e(program.module(), quantizer)
    observed(examples)
    return convert_pt2e(observed)(x).detach()


# %% misconception="one-example"
# The grids were observed on a single example.
# Remedy: Call the prepared graph on all of `examples`.


# %% wrong misconception="one-example" variant=1 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    for name in kept:
        quantizer.set_module_name_qconfig(name, None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(examples[:1])
        return convert_pt2e(prepared)(x)


# %% wrong misconception="one-example" variant=2 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    rows = torch.export.Dim("rows")
    program = torch.export.export(model, (examples,), dynamic_shapes=({0: rows},))
    config = get_default_x86_inductor_quantization_config()
    quantizer = X86InductorQuantizer().set_global(config)
    [quantizer.set_module_name_qconfig(name, None) for name in kept]
    observed = prepare_pt2e(program.module(), quantizer)
    observed(examples[[0]])
    return convert_pt2e(observed)(x).detach()


# %% right style="a named dimension, the config given at once"
def graph_logits(model, examples, kept, x):
    rows = torch.export.Dim("rows")
    program = torch.export.export(model, (examples,), dynamic_shapes=({0: rows},))
    config = get_default_x86_inductor_quantization_config()
    quantizer = X86InductorQuantizer().set_global(config)
    [quantizer.set_module_name_qconfig(name, None) for name in kept]
    observed = prepare_pt2e(program.module(), quantizer)
    observed(examples)
    return convert_pt2e(observed)(x).detach()


# %% right style="exported with two rows, what stays float named first"
def graph_logits(model, examples, kept, x):
    quantizer = X86InductorQuantizer()
    for name in kept:
        quantizer.set_module_name_qconfig(name, None)
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    graph = torch.export.export(model, (examples[:2],), dynamic_shapes=[{0: torch.export.Dim("n", min=1)}]).module()
    with torch.inference_mode():
        prepared = prepare_pt2e(graph, quantizer)
        prepared(examples)
        converted = convert_pt2e(prepared)
        return torch.cat([converted(row[None]) for row in x])
