# %% misconception="not-calibrated"
# The prepared graph never saw the examples: every scale is 1, or next to it, and says nothing about the numbers.
# Remedy: Call what `prepare_pt2e` returned on `examples`, before `convert_pt2e`.


# %% wrong misconception="not-calibrated" variant=1 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    for name in kept:
        quantizer.set_module_name_qconfig(name, None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        return convert_pt2e(prepared)(x)


# %% wrong misconception="not-calibrated" variant=2 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    graph_before = torch.export.export(model, (examples,)).module()
    graph = torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    for name in kept:
        quantizer.set_module_name_qconfig(name, None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        graph_before(examples)
        return convert_pt2e(prepared)(x)


# %% misconception="calibrated-on-x"
# The grids were observed on the rows to be read. In service those are not known yet.
# Remedy: Call the prepared graph on `examples`, and on nothing else.


# %% wrong misconception="calibrated-on-x" variant=1 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    for name in kept:
        quantizer.set_module_name_qconfig(name, None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(x)
        return convert_pt2e(prepared)(x)


# %% wrong misconception="calibrated-on-x" variant=2 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    rows = torch.export.Dim("rows")
    program = torch.export.export(model, (examples,), dynamic_shapes=({0: rows},))
    config = get_default_x86_inductor_quantization_config()
    quantizer = X86InductorQuantizer().set_global(config)
    [quantizer.set_module_name_qconfig(name, None) for name in kept]
    observed = prepare_pt2e(program.module(), quantizer)
    observed(x)
    return convert_pt2e(observed)(x).detach()


# %% misconception="kept-too"
# Every layer was quantized, those that should stay float as well.
# Remedy: `quantizer.set_module_name_qconfig(name, None)` for each name in `kept`, before `prepare_pt2e`.


# %% wrong misconception="kept-too" variant=1 loses="kept"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(examples)
        return convert_pt2e(prepared)(x)


# %% wrong misconception="kept-too" variant=2 loses="kept"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    for name in kept:
        quantizer.set_module_name_qconfig(name, get_default_x86_inductor_quantization_config())
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(examples)
        return convert_pt2e(prepared)(x)


# %% misconception="type-for-name"
# All linear layers were left in float32, and not only those that `kept` names.
# Remedy: `set_module_name_qconfig` takes one module out, `set_module_type_qconfig` all of a type.


# %% wrong misconception="type-for-name" variant=1 loses="kept"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    if kept:
        quantizer.set_module_type_qconfig(nn.Linear, None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(examples)
        return convert_pt2e(prepared)(x)


# %% wrong misconception="type-for-name" variant=2 loses="kept"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    for name in kept:
        quantizer.set_module_type_qconfig(type(model.get_submodule(name)), None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(examples)
        return convert_pt2e(prepared)(x)


# %% misconception="still-float"
# The logits are those of the float model: nothing was told to be quantized, or the converted graph was not called.
# Remedy: `set_global(…)` says how to quantize; `convert_pt2e` returns the graph to call.


# %% wrong misconception="still-float" variant=1 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()
    quantizer = X86InductorQuantizer()
    for name in kept:
        quantizer.set_module_name_qconfig(name, None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(examples)
        return convert_pt2e(prepared)(x)


# %% wrong misconception="still-float" variant=2 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    for name in kept:
        quantizer.set_module_name_qconfig(name, None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(examples)
        convert_pt2e(prepared)
        return model(x)


# %% misconception="one-batch-size"
# The graph was exported for one number of rows, and refuses any other.
# Remedy: Give `dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)` to `torch.export.export`.


# %% wrong misconception="one-batch-size" variant=1 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    graph = torch.export.export(model, (examples,)).module()
    quantizer = X86InductorQuantizer()
    quantizer.set_global(get_default_x86_inductor_quantization_config())
    for name in kept:
        quantizer.set_module_name_qconfig(name, None)
    prepared = prepare_pt2e(graph, quantizer)
    with torch.no_grad():
        prepared(examples)
        return convert_pt2e(prepared)(x)


# %% wrong misconception="one-batch-size" variant=2 loses="graph,kept"
def graph_logits(model, examples, kept, x):
    program = torch.export.export(model.eval(), args=(examples,))
    quantizer = X86InductorQuantizer().set_global(get_default_x86_inductor_quantization_config())
    for name in kept:
        quantizer.set_module_name_qconfig(name, None)
    observed = prepare_pt2e(program.module(), quantizer)
    observed(examples)
    return convert_pt2e(observed)(x).detach()
