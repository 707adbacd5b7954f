# %% misconception="output-too"
# The output layer was quantized as well: without a filter every `nn.Linear` is converted.
# Remedy: Pass a `filter_fn` that returns True for names that start with 'hidden'.


# %% wrong misconception="output-too" variant=1 loses="float-output"
weight_only = copy.deepcopy(mlp)
quantize_(weight_only, Int8WeightOnlyConfig())


# %% wrong misconception="output-too" variant=2 loses="float-output"
weight_only = copy.deepcopy(mlp)
for layer in weight_only.children():
    if isinstance(layer, nn.Linear):
        quantize_(layer, Int8WeightOnlyConfig())


# %% decoy misconception="output-too" loses="float-output"
weight_only = copy.deepcopy(mlp)
quantize_(weight_only, Int8WeightOnlyConfig(), lambda module, name: name.startswith("hidden"))
weight_only.output.weight.data = weight_only.output.weight.data.half().float()  # no codes, but no longer as given


# %% misconception="activations-too"
# The activations are quantized as well, at each call; the outputs differ from those of the stored weights.
# Remedy: Use `Int8WeightOnlyConfig`.


# %% wrong misconception="activations-too" variant=1 loses="float-activations"
from torchao.quantization import Int8DynamicActivationInt8WeightConfig

weight_only = copy.deepcopy(mlp)
quantize_(weight_only, Int8DynamicActivationInt8WeightConfig(), lambda module, name: name.startswith("hidden"))


# %% wrong misconception="activations-too" variant=2 loses="float-activations"
from torchao.quantization import Int8DynamicActivationInt8WeightConfig

weight_only = copy.deepcopy(mlp)
for layer in (weight_only.hidden1, weight_only.hidden2):
    quantize_(layer, Int8DynamicActivationInt8WeightConfig(version=2))


# %% misconception="one-scale"
# One scale serves a whole layer, so that a row of small weights is stored in few codes.
# Remedy: Leave the granularity of `Int8WeightOnlyConfig` at `PerRow()`.


# %% wrong misconception="one-scale" variant=1 loses="row-scales"
from torchao.quantization import PerTensor

weight_only = copy.deepcopy(mlp)
config = Int8WeightOnlyConfig(granularity=PerTensor())
quantize_(weight_only, config, lambda module, name: name.startswith("hidden"))


# %% wrong misconception="one-scale" variant=2 loses="row-scales"
from torchao.quantization import PerTensor

weight_only = copy.deepcopy(mlp)
for name, layer in weight_only.named_children():
    if name in ("hidden1", "hidden2"):
        quantize_(layer, Int8WeightOnlyConfig(granularity=PerTensor()))


# %% decoy misconception="one-scale" loses="row-scales"
from torchao.quantization import IntxWeightOnlyConfig, PerGroup

weight_only = copy.deepcopy(mlp)
groups = IntxWeightOnlyConfig(torch.int8, granularity=PerGroup(32))
quantize_(weight_only, groups, lambda module, name: name.startswith("hidden"))


# %% misconception="one-layer-only"
# Only one of the two hidden layers holds codes; the other is still float32.
# Remedy: Let the filter match both names, such as by `name.startswith('hidden')`.


# %% wrong misconception="one-layer-only" variant=1 loses="codes,row-scales,small"
weight_only = copy.deepcopy(mlp)
quantize_(weight_only, Int8WeightOnlyConfig(), lambda module, name: name == "hidden1")


# %% wrong misconception="one-layer-only" variant=2 loses="codes,row-scales,small"
weight_only = copy.deepcopy(mlp)
first = nn.Sequential(weight_only.hidden1)  # shares the layer, and its weight
quantize_(first, Int8WeightOnlyConfig())


# %% decoy misconception="one-layer-only" loses="row-scales"
from torchao.quantization import PerTensor

weight_only = copy.deepcopy(mlp)
quantize_(weight_only.hidden1, Int8WeightOnlyConfig())
quantize_(weight_only.hidden2, Int8WeightOnlyConfig(granularity=PerTensor()))


# %% misconception="few-codes-used"
# The steps are wider than 8 bits need: the weights were rounded to a grid of few bits, in codes of 8.
# Remedy: Use `Int8WeightOnlyConfig`.


# %% wrong misconception="few-codes-used" variant=1 loses="row-scales"
from torchao.quantization import IntxWeightOnlyConfig, PerAxis

weight_only = copy.deepcopy(mlp)
four_bits = IntxWeightOnlyConfig(torch.int4, granularity=PerAxis(0))
quantize_(weight_only, four_bits, filter_fn=lambda module, name: name.startswith("hidden"))


# %% wrong misconception="few-codes-used" variant=2 loses="row-scales"
from torchao.quantization import IntxWeightOnlyConfig, PerAxis

weight_only = copy.deepcopy(mlp)
for layer in (weight_only.hidden1, weight_only.hidden2):
    quantize_(layer, IntxWeightOnlyConfig(torch.int3, granularity=PerAxis(0)))


# %% decoy misconception="few-codes-used" loses="row-scales"
weight_only = copy.deepcopy(mlp)
for layer in (weight_only.hidden1, weight_only.hidden2):
    step = layer.weight.detach().abs().amax(dim=1, keepdim=True) / 100
    layer.weight.data = torch.round(layer.weight.detach() / step) * step  # rounded twice, the second time to 8 bits
    quantize_(layer, Int8WeightOnlyConfig())


# %% misconception="nothing-matched"
# Nothing in the model that was handed in is converted: either the filter matched no layer, of which `quantize_` says
# nothing, or the model that it converted is another one.
# Remedy: Print the names that `filter_fn` is called with, and hand in the model that you gave to `quantize_`.


# %% wrong misconception="nothing-matched" variant=1 loses="codes,row-scales,float-activations,float-output,small,keeps"
weight_only = copy.deepcopy(mlp)
quantize_(weight_only, Int8WeightOnlyConfig(), lambda module, name: name in ("hidden1.weight", "hidden2.weight"))


# %% wrong misconception="nothing-matched" variant=2 loses="codes,row-scales,float-activations,float-output,small,keeps"
weight_only = copy.deepcopy(mlp)
wanted = ["0", "2"]
quantize_(weight_only, Int8WeightOnlyConfig(), filter_fn=lambda module, name: name in wanted)


# %% decoy misconception="nothing-matched" loses="row-scales,float-output"
torch.manual_seed(0)
weight_only = nn.Sequential()
for name, layer in mlp.named_children():
    is_linear = isinstance(layer, nn.Linear)
    weight_only.add_module(name, nn.Linear(layer.in_features, layer.out_features) if is_linear else nn.ReLU())
quantize_(weight_only, Int8WeightOnlyConfig(), lambda module, name: name.startswith("hidden"))


# %% misconception="back-to-floats"
# The codes were turned back into float32 numbers, so the rounding was paid for and nothing got smaller.
# Remedy: Keep the tensors that `quantize_` puts into the layers.


# %% wrong misconception="back-to-floats" variant=1 loses="codes,row-scales,small,keeps"
weight_only = copy.deepcopy(mlp)
quantize_(weight_only, Int8WeightOnlyConfig(), lambda module, name: name.startswith("hidden"))
for layer in (weight_only.hidden1, weight_only.hidden2):
    layer.weight = nn.Parameter(layer.weight.dequantize())


# %% wrong misconception="back-to-floats" variant=2 loses="codes,row-scales,small,keeps"
weight_only = copy.deepcopy(mlp)
for name in ("hidden1", "hidden2"):
    weight = weight_only.get_submodule(name).weight
    scale = weight.detach().abs().amax(dim=1, keepdim=True) / 127
    weight.data = torch.clamp((weight.detach() / scale).round(), -128, 127) * scale


# %% decoy misconception="back-to-floats" loses="codes,row-scales,small"
weight_only = copy.deepcopy(mlp)
quantize_(weight_only, Int8WeightOnlyConfig(), lambda module, name: name.startswith("hidden"))
weight_only.hidden2.weight = nn.Parameter(weight_only.hidden2.weight.dequantize())  # of one layer alone


# %% decoy misconception="back-to-floats" loses="codes,row-scales,float-activations,float-output,small,keeps"
weight_only = copy.deepcopy(mlp).half()


# %% decoy misconception="back-to-floats" loses="codes,row-scales,small"
weight_only = copy.deepcopy(mlp)
quantize_(weight_only, Int8WeightOnlyConfig(), lambda module, name: name == "hidden2")


# %% misconception="used-up"
# Numbers of `mlp` were changed: where it is quantized itself, no float32 model is left to compare with.
# Remedy: Start with `weight_only = copy.deepcopy(mlp)`, and work on that alone.


# %% wrong misconception="used-up" variant=1 loses="keeps"
quantize_(mlp, Int8WeightOnlyConfig(), lambda module, name: name.startswith("hidden"))
weight_only = mlp


# %% wrong misconception="used-up" variant=2 loses="keeps"
weight_only = nn.Sequential()
for name, layer in mlp.named_children():
    weight_only.add_module(name, layer)  # the very layers of `mlp`
quantize_(weight_only, Int8WeightOnlyConfig(), lambda module, name: name in ("hidden1", "hidden2"))


# %% decoy misconception="used-up" loses="row-scales,keeps"
for layer in (mlp.hidden1, mlp.hidden2):
    layer.weight.data.clamp_(-0.1, 0.1)  # outliers cut off, in the model that was given
weight_only = copy.deepcopy(mlp)
quantize_(weight_only, Int8WeightOnlyConfig(), lambda module, name: name.startswith("hidden"))


# %% right style="layer by layer"
weight_only = copy.deepcopy(mlp)
quantize_(weight_only.hidden1, Int8WeightOnlyConfig())
quantize_(weight_only.hidden2, Int8WeightOnlyConfig())


# %% right style="a list of names, the granularity spelt out"
from torchao.quantization import PerRow

weight_only = copy.deepcopy(mlp)
names = ["hidden1", "hidden2"]
quantize_(weight_only, Int8WeightOnlyConfig(granularity=PerRow()), filter_fn=lambda module, name: name in names)


# %% right style="rebuilt from the state dict, filtered by shape"
weight_only = nn.Sequential()
for name, layer in mlp.named_children():
    is_linear = isinstance(layer, nn.Linear)
    weight_only.add_module(name, nn.Linear(layer.in_features, layer.out_features) if is_linear else nn.ReLU())
weight_only.load_state_dict(mlp.state_dict())
quantize_(weight_only, Int8WeightOnlyConfig(), lambda module, name: getattr(module, "out_features", 0) > 10)
