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


# %% misconception="one-left-out"
# The last example was not observed, and the brightest one may be the last.
# Remedy: Call the prepared graph on all of `examples`.


# %% wrong misconception="one-left-out" variant=1 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    for name in kept:
        quantizer.set_module_name_qconfig(name, None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(examples[:-1])
        return convert_pt2e(prepared)(x)


# %% wrong misconception="one-left-out" variant=2 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    rows = torch.export.Dim("rows")
    program = torch.export.export(model, (examples,), dynamic_shapes=({0: rows},))
    quantizer = X86InductorQuantizer().set_global(get_default_x86_inductor_quantization_config())
    [quantizer.set_module_name_qconfig(name, None) for name in kept]
    observed = prepare_pt2e(program.module(), quantizer)
    for number in range(len(examples) - 1):
        observed(examples[number : number + 1])
    return convert_pt2e(observed)(x).detach()


# %% misconception="padded"
# The graph was exported for the number of examples, and `x` filled up to it; more rows than that do not fit.
# Remedy: Give `dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)` to `torch.export.export`, and hand `x` over as it is.


# %% wrong misconception="padded" variant=1 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    for name in kept:
        quantizer.set_module_name_qconfig(name, None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(examples)
        padded = torch.zeros_like(examples)
        padded[: len(x)] = x
        return convert_pt2e(prepared)(padded)[: len(x)]


# %% wrong misconception="padded" variant=2 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    program = torch.export.export(model, (examples,))
    quantizer = X86InductorQuantizer().set_global(get_default_x86_inductor_quantization_config())
    [quantizer.set_module_name_qconfig(name, None) for name in kept]
    observed = prepare_pt2e(program.module(), quantizer)
    observed(examples)
    padded = torch.cat([x, torch.zeros(len(examples) - len(x), *x.shape[1:])])
    return convert_pt2e(observed)(padded)[: len(x)].detach()


# %% misconception="first-of-kept"
# Only the first module that `kept` names was left in float32.
# Remedy: Call `set_module_name_qconfig(name, None)` for each of them.


# %% wrong misconception="first-of-kept" variant=1 loses="kept"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    for name in kept[:1]:
        quantizer.set_module_name_qconfig(name, None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(examples)
        return convert_pt2e(prepared)(x)


# %% wrong misconception="first-of-kept" variant=2 loses="kept"
def graph_logits(model, examples, kept, x):
    rows = torch.export.Dim("rows")
    program = torch.export.export(model, (examples,), dynamic_shapes=({0: rows},))
    quantizer = X86InductorQuantizer().set_global(get_default_x86_inductor_quantization_config())
    if kept:
        quantizer.set_module_name_qconfig(kept[0], None)
    observed = prepare_pt2e(program.module(), quantizer)
    observed(examples)
    return convert_pt2e(observed)(x).detach()


# %% decoy misconception="first-of-kept" loses="kept"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    for name in kept[-1:]:
        quantizer.set_module_name_qconfig(name, None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(examples)
        return convert_pt2e(prepared)(x)


# %% decoy misconception="one-left-out" loses="kept"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    for name in kept:
        quantizer.set_module_name_qconfig(name, None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(examples[1:])
        return convert_pt2e(prepared)(x)


# %% right style="calibrated in batches of 16"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    for name in kept:
        quantizer.set_module_name_qconfig(name, None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        for batch in examples.split(16):
            prepared(batch)
        return convert_pt2e(prepared)(x)


# %% right style="calibrated one by one, and read in two halves"
def graph_logits(model, examples, kept, x):
    rows = torch.export.Dim("rows")
    program = torch.export.export(model, (examples,), dynamic_shapes=({0: rows},))
    quantizer = X86InductorQuantizer().set_global(get_default_x86_inductor_quantization_config())
    [quantizer.set_module_name_qconfig(name, None) for name in kept]
    observed = prepare_pt2e(program.module(), quantizer)
    for example in examples:
        observed(example[None])
    converted = convert_pt2e(observed)
    return torch.cat([converted(part) for part in x.tensor_split(2) if len(part)]).detach()


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
