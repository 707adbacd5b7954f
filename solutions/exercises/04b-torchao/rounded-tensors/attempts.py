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


# %% misconception="layers-for-tensors"
# The grid of a layer's input is listed under the layer's name; asked for is the tensor that is rounded.
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


# %% misconception="both-ways"
# The nodes that turn codes back into floats are listed as well: their names hold `quantize_per_tensor`, too.
# Remedy: Compare `node.target` with `torch.ops.quantized_decomposed.quantize_per_tensor.default`.


# %% wrong misconception="both-ways" variant=1 loses="chain,pooled"
def rounded_tensors(model, examples):
    grids = {}
    for node in to_int8(model, examples).graph.nodes:
        if "quantize_per_tensor" in str(node.target):
            grids[node.args[0].name] = (node.args[1], node.args[2])
    return grids


# %% wrong misconception="both-ways" variant=2 loses="chain,pooled"
def rounded_tensors(model, examples):
    nodes = [node for node in to_int8(model, examples).graph.nodes if "quantize_per_tensor" in node.name]
    return {str(tensor): (scale, zero) for tensor, scale, zero, *_ in (node.args for node in nodes)}


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
            tensor, scale, *_ = node.args
            grids[tensor.name] = [scale, 0]  # unsigned codes begin at 0
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
