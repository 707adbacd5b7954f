# %% misconception="output-too"
# `output` was quantized as well: without a filter a config goes to every `nn.Linear` that is left.
# Remedy: Give each call a `filter_fn` that matches one name.


# %% wrong misconception="output-too" variant=1 loses="activations,float-output"
mixed = copy.deepcopy(mlp)
four_bits = IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32))
quantize_(mixed, four_bits, lambda module, name: name == "hidden1")
quantize_(mixed, Int8DynamicActivationInt8WeightConfig(), lambda module, name: name in ("hidden2", "output"))


# %% wrong misconception="output-too" variant=2 loses="activations,float-output"
mixed = copy.deepcopy(mlp)
schemes = {
    "hidden1": IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32)),
    "re:hidden2|output": Int8DynamicActivationInt8WeightConfig(),
}
quantize_(mixed, FqnToConfig(schemes), filter_fn=None)


# %% decoy misconception="output-too" loses="float-output"
mixed = copy.deepcopy(mlp)
quantize_(mixed.hidden1, IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32)))
quantize_(mixed.hidden2, Int8DynamicActivationInt8WeightConfig())
mixed.output.weight.data = mixed.output.weight.data.half().float()  # no codes, but no longer as given


# %% misconception="row-scales"
# `hidden1` has one scale a row: that is the granularity that `IntxWeightOnlyConfig` has by default.
# Remedy: Pass `granularity=PerGroup(32)`.


# %% wrong misconception="row-scales" variant=1 loses="groups,activations"
mixed = copy.deepcopy(mlp)
quantize_(mixed, IntxWeightOnlyConfig(torch.int4), lambda module, name: name == "hidden1")
quantize_(mixed, Int8DynamicActivationInt8WeightConfig(), lambda module, name: name == "hidden2")


# %% wrong misconception="row-scales" variant=2 loses="groups,activations"
mixed = copy.deepcopy(mlp)
quantize_(mixed.hidden1, IntxWeightOnlyConfig(weight_dtype=torch.int4, granularity=PerAxis(0)))
quantize_(mixed.hidden2, Int8DynamicActivationInt8WeightConfig())


# %% decoy misconception="row-scales" loses="groups,activations"
mixed = copy.deepcopy(mlp)
quantize_(mixed.hidden1, IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(16)))
quantize_(mixed.hidden2, Int8DynamicActivationInt8WeightConfig())


# %% misconception="swapped"
# The two schemes were swapped: `hidden1` holds 8-bit codes and `hidden2` 4-bit ones.
# Remedy: Match the config for 4 bits with the name 'hidden1'.


# %% wrong misconception="swapped" variant=1 loses="int4,groups,int8-rows,activations"
mixed = copy.deepcopy(mlp)
four_bits = IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32))
quantize_(mixed, four_bits, lambda module, name: name == "hidden2")
quantize_(mixed, Int8DynamicActivationInt8WeightConfig(), lambda module, name: name == "hidden1")


# %% wrong misconception="swapped" variant=2 loses="int4,groups,int8-rows,activations"
mixed = copy.deepcopy(mlp)
schemes = {
    "hidden1": Int8DynamicActivationInt8WeightConfig(),
    "hidden2": IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32)),
}
quantize_(mixed, FqnToConfig(schemes), filter_fn=None)


# %% decoy misconception="swapped" loses="int4,groups,activations"
mixed = copy.deepcopy(mlp)
quantize_(mixed, Int8DynamicActivationInt8WeightConfig(), lambda module, name: name.startswith("hidden"))


# %% misconception="weights-only"
# The activations of `hidden2` stay float32: a weight-only config quantizes what is stored, not what flows.
# Remedy: Use `Int8DynamicActivationInt8WeightConfig` for `hidden2`.


# %% wrong misconception="weights-only" variant=1 loses="activations"
mixed = copy.deepcopy(mlp)
four_bits = IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32))
quantize_(mixed, four_bits, lambda module, name: name == "hidden1")
quantize_(mixed, Int8WeightOnlyConfig(), lambda module, name: name == "hidden2")


# %% wrong misconception="weights-only" variant=2 loses="activations"
mixed = copy.deepcopy(mlp)
schemes = {
    "hidden1": IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32)),
    "hidden2": IntxWeightOnlyConfig(torch.int8, granularity=PerAxis(0)),
}
quantize_(mixed, FqnToConfig(schemes), filter_fn=None)


# %% misconception="activations-of-both"
# The activations of `hidden1` are quantized too, although its scheme was weight-only.
# Remedy: Use `IntxWeightOnlyConfig` for `hidden1`.


# %% wrong misconception="activations-of-both" variant=1 loses="activations"
from torchao.quantization import Int8DynamicActivationIntxWeightConfig

mixed = copy.deepcopy(mlp)
four_bits = Int8DynamicActivationIntxWeightConfig(torch.int4, PerGroup(32))
quantize_(mixed, four_bits, lambda module, name: name == "hidden1")
quantize_(mixed, Int8DynamicActivationInt8WeightConfig(), lambda module, name: name == "hidden2")


# %% wrong misconception="activations-of-both" variant=2 loses="activations"
from torchao.quantization import Int8DynamicActivationIntxWeightConfig

mixed = nn.Sequential()
for name, layer in copy.deepcopy(mlp).named_children():
    if name == "hidden1":
        quantize_(layer, Int8DynamicActivationIntxWeightConfig(weight_dtype=torch.int4))
    if name == "hidden2":
        quantize_(layer, Int8DynamicActivationInt8WeightConfig())
    mixed.add_module(name, layer)


# %% misconception="used-up"
# `mlp` itself was quantized: `mixed` is another name for it, and a second run of the cell finds no float32 weights.
# Remedy: Start with `mixed = copy.deepcopy(mlp)`.


# %% wrong misconception="used-up" variant=1 loses="keeps-mlp"
four_bits = IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32))
quantize_(mlp, four_bits, lambda module, name: name == "hidden1")
quantize_(mlp, Int8DynamicActivationInt8WeightConfig(), lambda module, name: name == "hidden2")
mixed = mlp


# %% wrong misconception="used-up" variant=2 loses="keeps-mlp"
mixed = nn.Sequential()
for name, layer in mlp.named_children():
    mixed.add_module(name, layer)  # the very layers of `mlp`
schemes = {
    "hidden1": IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32)),
    "hidden2": Int8DynamicActivationInt8WeightConfig(),
}
quantize_(mixed, FqnToConfig(schemes), filter_fn=None)


# %% decoy misconception="used-up" loses="groups,int8-rows,activations,keeps-mlp"
for layer in (mlp.hidden1, mlp.hidden2):
    layer.weight.data.clamp_(-0.1, 0.1)  # outliers cut off, in the model that was given
mixed = copy.deepcopy(mlp)
quantize_(mixed.hidden1, IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32)))
quantize_(mixed.hidden2, Int8DynamicActivationInt8WeightConfig())


# %% right style="FqnToConfig"
mixed = copy.deepcopy(mlp)
schemes = {
    "hidden1": IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32)),
    "hidden2": Int8DynamicActivationInt8WeightConfig(),
}
quantize_(mixed, FqnToConfig(schemes), filter_fn=None)


# %% right style="layer by layer"
mixed = copy.deepcopy(mlp)
quantize_(mixed.hidden1, IntxWeightOnlyConfig(weight_dtype=torch.int4, granularity=PerGroup(32)))
quantize_(mixed.hidden2, Int8DynamicActivationInt8WeightConfig())


# %% right style="filtered by shape, the output last left out"
mixed = copy.deepcopy(mlp)


def has_outputs(count):
    return lambda module, name: isinstance(module, nn.Linear) and module.out_features == count


quantize_(mixed, Int8DynamicActivationInt8WeightConfig(), has_outputs(128))
quantize_(mixed, IntxWeightOnlyConfig(torch.int4, granularity=PerGroup(32)), has_outputs(256))
