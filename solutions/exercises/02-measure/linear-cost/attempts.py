# %% misconception="per-sample"
# One row is counted, whatever the batch.
# Remedy: Multiply by the product of all axes but the last.

# %% wrong misconception="per-sample" variant=1 loses="batch"
def linear_cost(input_shape, out_features, bias):
    macs = input_shape[-1] * out_features
    return {"macs": macs, "flops": 2 * macs + (out_features if bias else 0)}


# %% wrong misconception="per-sample" variant=2 loses="batch"
def linear_cost(input_shape, out_features, bias):
    *_, in_features = input_shape
    flops = out_features * (2 * in_features + bool(bias))
    return dict(macs=(flops - bias * out_features) // 2, flops=flops)


# %% misconception="first-axis-only"
# The first axis alone is taken for the rows.
# Remedy: Multiply all axes but the last; there may be none, or several.


# %% wrong misconception="first-axis-only" variant=1 loses="batch,vector"
def linear_cost(input_shape, out_features, bias):
    outputs = input_shape[0] * out_features
    macs = outputs * input_shape[-1]
    return {"macs": macs, "flops": 2 * macs + (outputs if bias else 0)}


# %% wrong misconception="first-axis-only" variant=2 loses="batch,vector"
def linear_cost(input_shape, out_features, bias):
    rows, columns = input_shape[0], input_shape[-1]
    macs = sum(columns * out_features for _ in range(rows))
    flops = macs + macs
    if bias:
        flops += rows * out_features
    return {"macs": macs, "flops": flops}


# %% misconception="mac-is-flop"
# A multiply-accumulate is counted as one operation; it is a product and an addition.
# Remedy: FLOPs are 2 × MACs, and the bias on top.


# %% wrong misconception="mac-is-flop" variant=1 loses="typical,batch,bias,vector"
def linear_cost(input_shape, out_features, bias):
    outputs = math.prod(input_shape[:-1]) * out_features
    macs = outputs * input_shape[-1]
    return {"macs": macs, "flops": macs + (outputs if bias else 0)}


# %% wrong misconception="mac-is-flop" variant=2 loses="typical,batch,bias,vector"
def linear_cost(input_shape, out_features, bias):
    macs = math.prod(input_shape) * out_features
    per_output = macs // input_shape[-1] * int(bias)
    return {"macs": macs, "flops": macs + per_output}


# %% misconception="bias-as-macs"
# The bias is counted among the multiply-accumulates; it is added, nothing is multiplied by it.
# Remedy: Add one FLOP for each output, and leave the MACs alone.


# %% wrong misconception="bias-as-macs" variant=1 loses="batch,bias,vector"
def linear_cost(input_shape, out_features, bias):
    outputs = math.prod(input_shape[:-1]) * out_features
    macs = outputs * (input_shape[-1] + (1 if bias else 0))
    return {"macs": macs, "flops": 2 * macs}


# %% wrong misconception="bias-as-macs" variant=2 loses="batch,bias,vector"
def linear_cost(input_shape, out_features, bias):
    parameters = input_shape[-1] * out_features
    if bias:
        parameters += out_features
    macs = parameters * math.prod(input_shape[:-1])
    return {"macs": macs, "flops": macs * 2}


# %% misconception="bias-once"
# The bias is added once for the whole batch; every row gets its own additions.
# Remedy: Add one FLOP for each number that comes out: rows times `out_features`.


# %% wrong misconception="bias-once" variant=1 loses="batch"
def linear_cost(input_shape, out_features, bias):
    macs = math.prod(input_shape) * out_features
    return {"macs": macs, "flops": 2 * macs + (out_features if bias else 0)}


# %% wrong misconception="bias-once" variant=2 loses="batch"
def linear_cost(input_shape, out_features, bias):
    rows = 1
    for length in input_shape[:-1]:
        rows *= length
    flops = bias * out_features
    for _ in range(rows):
        flops += 2 * input_shape[-1] * out_features
    return dict(macs=rows * input_shape[-1] * out_features, flops=flops)


# %% right style="all numbers at once"
def linear_cost(input_shape, out_features, bias):
    macs = math.prod(input_shape) * out_features
    return {"macs": macs, "flops": 2 * macs + bias * macs // input_shape[-1]}


# %% right style="a loop over the axes"
def linear_cost(input_shape, out_features, bias):
    rows = 1
    for length in input_shape[:-1]:
        rows *= length
    products = rows * out_features * input_shape[-1]
    additions = rows * out_features if bias else 0
    return dict(macs=products, flops=products + products + additions)
