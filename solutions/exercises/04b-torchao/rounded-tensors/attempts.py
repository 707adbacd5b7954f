# %% misconception="own-names"
# The dict is keyed by the names of the rounding nodes; asked for is what they round.
# Remedy: `node.args[0]` is the node that is rounded; take its `name`.


# %% wrong misconception="own-names" variant=1 loses="chain,pooled"
def rounded_tensors(model, examples):
    graph = to_int8(model, examples)
    quantize = torch.ops.quantized_decomposed.quantize_per_tensor.default
    grids = {}
    for node in graph.graph.nodes:
        if node.target == quantize:
            grids[node.name] = (node.args[1], node.args[2])
    return grids


# %% wrong misconception="own-names" variant=2 loses="chain,pooled"
def rounded_tensors(model, examples):
    nodes = [node for node in to_int8(model, examples).graph.nodes if node.name.startswith("quantize_per_tensor")]
    return {node.name: node.args[1:3] for node in nodes}


# %% misconception="modules-only"
# Only nodes that call a module were looked at. In an exported graph every operation is a call of a function.
# Remedy: Look for `node.op == "call_function"`.


# %% wrong misconception="modules-only" variant=1 loses="chain,pooled"
def rounded_tensors(model, examples):
    graph = to_int8(model, examples)
    quantize = torch.ops.quantized_decomposed.quantize_per_tensor.default
    nodes = [node for node in graph.graph.nodes if node.op == "call_module" and node.target == quantize]
    return {node.args[0].name: (node.args[1], node.args[2]) for node in nodes}


# %% wrong misconception="modules-only" variant=2 loses="chain,pooled"
def rounded_tensors(model, examples):
    graph = to_int8(model, examples)
    grids = {}
    for name, module in graph.named_modules():
        if hasattr(module, "scale"):
            grids[name] = (float(module.scale), int(module.zero_point))
    return grids


# %% misconception="layers-for-tensors"
# The grid of a layer's input is listed under the layer's name; asked for is the tensor that is rounded, which may go to several.
# Remedy: Use `node.args[0].name` of the rounding node.


# %% wrong misconception="layers-for-tensors" variant=1 loses="chain,pooled"
def rounded_tensors(model, examples):
    graph = to_int8(model, examples)
    quantize = torch.ops.quantized_decomposed.quantize_per_tensor.default
    grids = {}
    for node in graph.graph.nodes:
        if node.target == quantize:
            (back,) = node.users
            grids[next(iter(back.users)).name] = (node.args[1], node.args[2])
    return grids


# %% wrong misconception="layers-for-tensors" variant=2 loses="chain,pooled"
def rounded_tensors(model, examples):
    grids = {}
    for node in to_int8(model, examples).graph.nodes:
        for given in node.args:
            if str(getattr(given, "target", "")) == "quantized_decomposed.dequantize_per_tensor.default":
                grids[node.name] = tuple(given.args[1:3])
    return grids


# %% misconception="ends-for-grid"
# The ends of the codes, 0 and 255, stand where the zero point should.
# Remedy: The arguments are the tensor, scale, zero point, least code, largest code, dtype: take `args[1]` and `args[2]`.


# %% wrong misconception="ends-for-grid" variant=1 loses="chain"
def rounded_tensors(model, examples):
    graph = to_int8(model, examples)
    quantize = torch.ops.quantized_decomposed.quantize_per_tensor.default
    nodes = graph.graph.find_nodes(op="call_function", target=quantize)
    return {node.args[0].name: (node.args[1], node.args[3]) for node in nodes}


# %% wrong misconception="ends-for-grid" variant=2 loses="chain,pooled"
def rounded_tensors(model, examples):
    grids = {}
    for node in to_int8(model, examples).graph.nodes:
        if "quantize_per_tensor" in str(node.target) and "dequantize" not in str(node.target):
            _, scale, *_, largest, dtype = node.args
            grids[node.args[0].name] = (scale, largest)
    return grids


# %% misconception="weights-too"
# The weights are listed as well; they were rounded when the graph was converted, one scale a channel.
# Remedy: Take `quantize_per_tensor` alone: the scales of weights are tensors.


# %% wrong misconception="weights-too" variant=1 loses="chain,pooled"
def rounded_tensors(model, examples):
    grids = {}
    for node in to_int8(model, examples).graph.nodes:
        if "quantize_per" in str(node.target):
            grids[node.args[0].name] = (node.args[1], node.args[2])
    return grids


# %% wrong misconception="weights-too" variant=2 loses="chain,pooled"
def rounded_tensors(model, examples):
    graph = to_int8(model, examples)
    grids = {}
    for node in graph.graph.nodes:
        if node.op == "call_function" and "quantized_decomposed" in str(node.target):
            scale, zero_point = node.args[1:3]
            is_name = isinstance(scale, torch.fx.Node)
            grids[node.args[0].name] = (str(scale), str(zero_point)) if is_name else (scale, zero_point)
    return grids


# %% misconception="way-back"
# The nodes that turn codes back into floats were taken, so that the names are those of codes.
# Remedy: Take the nodes whose target is `quantize_per_tensor`, not `dequantize_per_tensor`.


# %% wrong misconception="way-back" variant=1 loses="chain,pooled"
def rounded_tensors(model, examples):
    back = torch.ops.quantized_decomposed.dequantize_per_tensor.default
    nodes = to_int8(model, examples).graph.find_nodes(op="call_function", target=back)
    return {node.args[0].name: (node.args[1], node.args[2]) for node in nodes}


# %% wrong misconception="way-back" variant=2 loses="chain,pooled"
def rounded_tensors(model, examples):
    grids = {}
    for node in to_int8(model, examples).graph.nodes:
        if str(node.target).startswith("quantized_decomposed.dequantize_per_tensor"):
            grids[node.all_input_nodes[0].name] = tuple(node.args[1:3])
    return grids


# %% misconception="zero-point-taken-for-0"
# All zero points were taken to be 0; where numbers are negative, as at the input, they are not.
# Remedy: `node.args[2]` is the zero point.


# %% wrong misconception="zero-point-taken-for-0" variant=1 loses="chain"
def rounded_tensors(model, examples):
    graph = to_int8(model, examples)
    quantize = torch.ops.quantized_decomposed.quantize_per_tensor.default
    nodes = graph.graph.find_nodes(op="call_function", target=quantize)
    return {node.args[0].name: (node.args[1], 0) for node in nodes}


# %% wrong misconception="zero-point-taken-for-0" variant=2 loses="chain"
def rounded_tensors(model, examples):
    grids = {}
    for node in to_int8(model, examples).graph.nodes:
        if str(node.target) == "quantized_decomposed.quantize_per_tensor.default":
            low, high = -float(node.args[2] > 255), 255
            grids[node.args[0].name] = (node.args[1], int(low))
    return grids


# %% misconception="input-forgotten"
# The input of the graph is missing; it is rounded like any other tensor.
# Remedy: A `placeholder` may be what a rounding node rounds; leave no node out.


# %% wrong misconception="input-forgotten" variant=1 loses="chain,pooled"
def rounded_tensors(model, examples):
    graph = to_int8(model, examples)
    quantize = torch.ops.quantized_decomposed.quantize_per_tensor.default
    nodes = graph.graph.find_nodes(op="call_function", target=quantize)
    return {node.args[0].name: node.args[1:3] for node in nodes if node.args[0].op == "call_function"}


# %% wrong misconception="input-forgotten" variant=2 loses="chain,pooled"
def rounded_tensors(model, examples):
    graph = to_int8(model, examples)
    quantize = torch.ops.quantized_decomposed.quantize_per_tensor.default
    nodes = list(graph.graph.find_nodes(op="call_function", target=quantize))
    return {node.args[0].name: (node.args[1], node.args[2]) for node in nodes[1:]}


# %% misconception="first-of-each-grid"
# Tensors that share a grid were merged into one; each of them is rounded on its own.
# Remedy: List every rounding node.


# %% wrong misconception="first-of-each-grid" variant=1 loses="pooled"
def rounded_tensors(model, examples):
    graph = to_int8(model, examples)
    quantize = torch.ops.quantized_decomposed.quantize_per_tensor.default
    grids = {}
    for node in graph.graph.find_nodes(op="call_function", target=quantize):
        if (node.args[1], node.args[2]) not in grids.values():
            grids[node.args[0].name] = (node.args[1], node.args[2])
    return grids


# %% wrong misconception="first-of-each-grid" variant=2 loses="pooled"
def rounded_tensors(model, examples):
    grids, seen = {}, set()
    for node in to_int8(model, examples).graph.nodes:
        if str(node.target) == "quantized_decomposed.quantize_per_tensor.default":
            grid = tuple(node.args[1:3])
            if grid not in seen:
                grids[node.args[0].name] = grid
            seen.add(grid)
    return grids


# %% right style="the observers, before the conversion"
def rounded_tensors(model, examples):
    rows = {0: torch.export.Dim.DYNAMIC}
    graph = torch.export.export(model, (examples,), dynamic_shapes=(rows,)).module()
    quantizer = X86InductorQuantizer().set_global(get_default_x86_inductor_quantization_config())
    prepared = prepare_pt2e(graph, quantizer)
    prepared(examples)
    grids = {}
    for node in prepared.graph.nodes:
        if node.op == "call_module" and "activation_post_process" in node.name and node.args[0].op != "get_attr":
            scale, zero_point = getattr(prepared, node.target).calculate_qparams()
            grids[node.args[0].name] = (float(scale), int(zero_point))
    return grids


# %% right style="by the text of the target"
def rounded_tensors(model, examples):
    grids = {}
    for node in to_int8(model, examples).graph.nodes:
        if node.op == "call_function" and str(node.target) == "quantized_decomposed.quantize_per_tensor.default":
            tensor, scale, zero_point, *_ = node.args
            grids[str(tensor)] = [scale, zero_point]
    return grids
