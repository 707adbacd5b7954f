# %% right style="one hook for all modules, and the sizes that layers know"
def model_macs(model, x):
    names, macs = {layer: name for name, layer in model.named_modules()}, {}

    def hook(layer, inputs, output):
        match layer:
            case torch.nn.Linear():
                products = layer.in_features
            case torch.nn.Conv2d():
                height, width = layer.kernel_size
                products = layer.in_channels // layer.groups * height * width
            case _:
                return
        macs[names[layer]] = macs.get(names[layer], 0) + output.numel() * products

    handle = torch.nn.modules.module.register_module_forward_hook(hook)
    try:
        with torch.inference_mode():
            model(x)
    finally:
        handle.remove()
    return macs


model_macs_by_layers = by_layers(model_macs)


# %% right style="hooks on a copy, which may keep them"
import copy


def model_macs(model, x):
    watched, macs = copy.deepcopy(model), {}
    for name, layer in watched.named_modules():
        if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d):
            layer.register_forward_hook(
                lambda layer, _, output, name=name: macs.update(
                    {name: macs.get(name, 0) + output.numel() * layer.weight[0].numel()}
                )
            )
    watched(x)
    return macs


model_macs_by_layers = by_layers(model_macs)
