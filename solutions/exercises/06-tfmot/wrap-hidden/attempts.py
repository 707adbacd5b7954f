# %% misconception="all-wrapped"
# `output` was wrapped, too; ten outputs of a last layer are few, and each weight of them matters.
# Remedy: Return a plain copy of the layer for whatever is not to be pruned.


# %% wrong misconception="all-wrapped" variant=1 loses="dense"
sparsities = {"hidden1": 0.9, "hidden2": 0.5, "output": 0.5}


def wrapped(layer):
    copied = layer.__class__.from_config(layer.get_config())
    if layer.name not in sparsities:
        return copied
    schedule = tfmot.sparsity.keras.ConstantSparsity(sparsities[layer.name], begin_step=0, frequency=1)
    return tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)


partly_pruned = keras.models.clone_model(mlp_keras, clone_function=wrapped)
for copied, layer in zip(partly_pruned.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
partly_pruned.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
partly_pruned.fit(
    digits.x_train[:128],
    digits.y_train[:128],
    batch_size=64,
    verbose=0,
    callbacks=[tfmot.sparsity.keras.UpdatePruningStep()],
)


# %% wrong misconception="all-wrapped" variant=2 loses="dense"
from tensorflow_model_optimization.sparsity import keras as sparse

layers = []
for layer in mlp_keras.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    if layer.name != "":
        schedule = sparse.ConstantSparsity(0.9 if layer.name == "hidden1" else 0.5, 0, frequency=1)
        copied = sparse.prune_low_magnitude(copied, schedule)
    layers.append(copied)
model = keras.Sequential([keras.layers.Input((64,)), *layers])
for copied, layer in zip(model.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
model.compile(keras.optimizers.SGD(0.05), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train[:128], digits.y_train[:128], 32, verbose=0, callbacks=[sparse.UpdatePruningStep()])
partly_pruned = model


# %% decoy misconception="all-wrapped" loses="second,dense"
from tensorflow_model_optimization.sparsity import keras as sparse

layers = []
for layer in mlp_keras.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    if layer.name == "hidden1":
        schedule = sparse.ConstantSparsity(0.9 if layer.name == "hidden1" else 0.5, 0, frequency=1)
        copied = sparse.prune_low_magnitude(copied, schedule)
    layers.append(copied)
model = keras.Sequential([keras.layers.Input((64,)), *layers])
for copied, layer in zip(model.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
model.compile(keras.optimizers.SGD(0.05), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train[:128], digits.y_train[:128], 32, verbose=0, callbacks=[sparse.UpdatePruningStep()])
partly_pruned = model


# %% misconception="one-schedule"
# Both layers follow the same schedule, that of `hidden1`.
# Remedy: Give each wrapper a schedule of its own.


# %% wrong misconception="one-schedule" variant=1 loses="second"
sparsities = {"hidden1": 0.9, "hidden2": 0.9}


def wrapped(layer):
    copied = layer.__class__.from_config(layer.get_config())
    if layer.name not in sparsities:
        return copied
    schedule = tfmot.sparsity.keras.ConstantSparsity(sparsities[layer.name], begin_step=0, frequency=1)
    return tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)


partly_pruned = keras.models.clone_model(mlp_keras, clone_function=wrapped)
for copied, layer in zip(partly_pruned.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
partly_pruned.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
partly_pruned.fit(
    digits.x_train[:128],
    digits.y_train[:128],
    batch_size=64,
    verbose=0,
    callbacks=[tfmot.sparsity.keras.UpdatePruningStep()],
)


# %% wrong misconception="one-schedule" variant=2 loses="second"
from tensorflow_model_optimization.sparsity import keras as sparse

layers = []
for layer in mlp_keras.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    if layer.name != "output":
        schedule = sparse.ConstantSparsity(0.9, 0, frequency=1)
        copied = sparse.prune_low_magnitude(copied, schedule)
    layers.append(copied)
model = keras.Sequential([keras.layers.Input((64,)), *layers])
for copied, layer in zip(model.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
model.compile(keras.optimizers.SGD(0.05), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train[:128], digits.y_train[:128], 32, verbose=0, callbacks=[sparse.UpdatePruningStep()])
partly_pruned = model


# %% decoy misconception="one-schedule" loses="second"
sparsities = {"hidden1": 0.9, "hidden2": 0.7}


def wrapped(layer):
    copied = layer.__class__.from_config(layer.get_config())
    if layer.name not in sparsities:
        return copied
    schedule = tfmot.sparsity.keras.ConstantSparsity(sparsities[layer.name], begin_step=0, frequency=1)
    return tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)


partly_pruned = keras.models.clone_model(mlp_keras, clone_function=wrapped)
for copied, layer in zip(partly_pruned.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
partly_pruned.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
partly_pruned.fit(
    digits.x_train[:128],
    digits.y_train[:128],
    batch_size=64,
    verbose=0,
    callbacks=[tfmot.sparsity.keras.UpdatePruningStep()],
)


# %% misconception="never-renewed"
# The masks are still full of ones: no update fell on the two steps of this training.
# Remedy: Set `begin_step=0` and `frequency=1`.


# %% wrong misconception="never-renewed" variant=1 loses="first,second,dense,kept-large,keeps-model"
sparsities = {"hidden1": 0.9, "hidden2": 0.5}


def wrapped(layer):
    copied = layer.__class__.from_config(layer.get_config())
    if layer.name not in sparsities:
        return copied
    schedule = tfmot.sparsity.keras.ConstantSparsity(sparsities[layer.name], begin_step=0)
    return tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)


partly_pruned = keras.models.clone_model(mlp_keras, clone_function=wrapped)
for copied, layer in zip(partly_pruned.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
partly_pruned.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
partly_pruned.fit(
    digits.x_train[:128],
    digits.y_train[:128],
    batch_size=64,
    verbose=0,
    callbacks=[tfmot.sparsity.keras.UpdatePruningStep()],
)


# %% wrong misconception="never-renewed" variant=2 loses="first,second,dense,kept-large,keeps-model"
from tensorflow_model_optimization.sparsity import keras as sparse

layers = []
for layer in mlp_keras.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    if layer.name != "output":
        schedule = sparse.ConstantSparsity(0.9 if layer.name == "hidden1" else 0.5, 10, frequency=1)
        copied = sparse.prune_low_magnitude(copied, schedule)
    layers.append(copied)
model = keras.Sequential([keras.layers.Input((64,)), *layers])
for copied, layer in zip(model.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
model.compile(keras.optimizers.SGD(0.05), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train[:128], digits.y_train[:128], 32, verbose=0, callbacks=[sparse.UpdatePruningStep()])
partly_pruned = model


# %% decoy misconception="never-renewed" loses="first,second,dense,kept-large,keeps-model"
sparsities = {"hidden1": 0.9, "hidden2": 0.5}


def wrapped(layer):
    copied = layer.__class__.from_config(layer.get_config())
    if layer.name not in sparsities:
        return copied
    schedule = tfmot.sparsity.keras.ConstantSparsity(sparsities[layer.name] / 4, begin_step=0, frequency=1)
    return tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)


partly_pruned = keras.models.clone_model(mlp_keras, clone_function=wrapped)
for copied, layer in zip(partly_pruned.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
partly_pruned.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
partly_pruned.fit(
    digits.x_train[:128],
    digits.y_train[:128],
    batch_size=64,
    verbose=0,
    callbacks=[tfmot.sparsity.keras.UpdatePruningStep()],
)
