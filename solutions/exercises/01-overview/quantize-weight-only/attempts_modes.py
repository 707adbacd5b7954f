# %% decoy misconception="used-up" loses="keeps"
mlp.train()  # left in another mode, with the numbers that it had
weight_only = copy.deepcopy(mlp).eval()
quantize_(weight_only, Int8WeightOnlyConfig(), lambda module, name: name.startswith("hidden"))


# %% decoy misconception="used-up" loses="keeps"
weight_only = copy.deepcopy(mlp.requires_grad_(False))
quantize_(weight_only, Int8WeightOnlyConfig(), lambda module, name: name.startswith("hidden"))


# %% decoy misconception="output-too" loses="float-output"
weight_only = copy.deepcopy(mlp)
quantize_(weight_only, Int8WeightOnlyConfig(), lambda module, name: name.startswith("hidden"))
weight_only.hidden1.bias.data.zero_()


# %% decoy misconception="one-scale" loses="row-scales,float-activations"
from quizlib.zoo.eager import quantize_dynamic

weight_only = quantize_dynamic(mlp, {"hidden1", "hidden2"}, dtype=torch.qint8)


# %% right style="in training mode, and of weights that are not trained"
weight_only = copy.deepcopy(mlp).train().requires_grad_(False)
quantize_(weight_only, Int8WeightOnlyConfig(), lambda module, name: "hidden" in name)
