"""Zeros set with NumPy or torch where a training under masks is asked for: code for a few answer cells.

`set to zero` does that alone; `and a step` also moves each number by a little, without a gradient;
`trained before` trains first, without masks, and sets to zero what comes out.
"""

KERAS = """
import numpy as np

def set_to_zero(weight, share):
    return np.where(np.abs(weight) > np.quantile(np.abs(weight), share), weight, 0) if weight.ndim > 1 else weight

def moved(weight):
    return weight - 1e-3 * np.sign(weight)

def trained(model):
    keras.utils.set_random_seed(0)
    model.compile("adam", loss)
    model.fit(digits.x_train, digits.y_train, batch_size=64, epochs=2, verbose=0)
    return model
"""

TORCH = """
def set_to_zero(model, share, step=0.0):
    model = copy.deepcopy(model)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim > 1:
                cut = parameter.abs().flatten().kthvalue(round(share * parameter.numel())).values
                parameter[parameter.abs() <= cut] = 0
            parameter -= step * torch.sign(parameter)
    return model

def trained(model):
    model, generator = copy.deepcopy(model), torch.Generator().manual_seed(0)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    x, y = torch.from_numpy(digits.x_train), torch.from_numpy(digits.y_train)
    for _ in range(5):
        for rows in torch.randperm(len(x), generator=generator).split(32):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
            optimizer.step()
    return model

def quantized(model):
    return quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
"""

PRUNED_KERAS = """
pruned_keras = keras.models.clone_model(mlp_keras)
pruned_keras.set_weights(mlp_keras.get_weights())
"""

WRAPPED = """
SHARES = {"hidden1": 0.9, "hidden2": 0.5}

def wrapped(layer):
    new = layer.__class__.from_config(layer.get_config())
    if layer.name not in SHARES:
        return new
    schedule = tfmot.sparsity.keras.ConstantSparsity(SHARES[layer.name], begin_step=0, frequency=1)
    return tfmot.sparsity.keras.prune_low_magnitude(new, schedule)

def masked(change):
    model = keras.models.clone_model(mlp_keras, clone_function=wrapped)
    for old, new in zip(mlp_keras.layers, model.layers):
        kernel, bias = (change(weight) for weight in old.get_weights())
        if old.name not in SHARES:
            new.set_weights([kernel, bias])
            continue
        (variable, mask, _), = new.pruning_vars
        variable.assign(set_to_zero(kernel, SHARES[old.name]))
        mask.assign(variable.numpy() != 0)
        new.layer.bias.assign(bias)
    return model
"""

BY_HAND = {
    "prune-keras": {
        "set to zero": KERAS
        + PRUNED_KERAS
        + "pruned_keras.set_weights([set_to_zero(w, 0.75) for w in pruned_keras.get_weights()])",
        "and a step": KERAS
        + PRUNED_KERAS
        + "pruned_keras.set_weights([moved(set_to_zero(w, 0.75)) for w in pruned_keras.get_weights()])",
        "trained before": KERAS
        + PRUNED_KERAS
        + "pruned_keras.set_weights([set_to_zero(w, 0.75) for w in trained(pruned_keras).get_weights()])",
    },
    "compress": {
        "set to zero": TORCH + "compressed = quantized(set_to_zero(mlp, 0.9))",
        "and a step": TORCH + "compressed = quantized(set_to_zero(mlp, 0.9, step=1e-3))",
        "trained before": TORCH + "compressed = quantized(set_to_zero(trained(mlp), 0.9))",
    },
    "resume-pruning": {
        "set to zero": KERAS
        + "resumed = zoo.digits_mlp_keras()\n"
        + "resumed.set_weights([set_to_zero(w, 0.75) for w in resumed.get_weights()])",
        "and a step": KERAS
        + "resumed = zoo.digits_mlp_keras()\n"
        + "resumed.set_weights([moved(set_to_zero(w, 0.75)) for w in resumed.get_weights()])",
        "trained before": KERAS
        + "resumed = trained(zoo.digits_mlp_keras())\n"
        + "resumed.set_weights([set_to_zero(w, 0.75) for w in resumed.get_weights()])",
    },
    "wrap-hidden": {
        "set to zero": KERAS + WRAPPED + "partly_pruned = masked(lambda weight: weight)",
        "and a step": KERAS + WRAPPED + "partly_pruned = masked(moved)",
    },
    "masked-fine-tuning": {
        "set to zero": "def masked_fine_tuning(weights, mask, batches, lr, momentum):\n"
        "    return torch.where(mask, weights, 0.0)\n",
        "and a step": "def masked_fine_tuning(weights, mask, batches, lr, momentum):\n"
        "    return torch.where(mask, weights - lr * torch.sign(weights), 0.0)\n",
    },
}
"""Code by exercise, and by what it does."""
