# %% misconception="stripped"
# The wrappers were stripped; this model is to be trained further, so they stay.
# Remedy: Leave `strip_pruning` out here.


# %% wrong misconception="stripped" variant=1 loses="first,second,dense,kept-large,keeps-model"
sparsities = {"hidden1": 0.9, "hidden2": 0.5}


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
partly_pruned = tfmot.sparsity.keras.strip_pruning(partly_pruned)


# %% wrong misconception="stripped" variant=2 loses="first,second,dense,kept-large,keeps-model"
from tensorflow_model_optimization.sparsity import keras as sparse

layers = []
for layer in mlp_keras.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    if layer.name != "output":
        schedule = sparse.ConstantSparsity(0.9 if layer.name == "hidden1" else 0.5, 0, frequency=1)
        copied = sparse.prune_low_magnitude(copied, schedule)
    layers.append(copied)
model = keras.Sequential([keras.layers.Input((64,)), *layers])
for copied, layer in zip(model.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
model.compile(keras.optimizers.SGD(0.05), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train[:128], digits.y_train[:128], 32, verbose=0, callbacks=[sparse.UpdatePruningStep()])
partly_pruned = sparse.strip_pruning(model)


# %% decoy misconception="stripped" loses="first,second,dense,kept-large,keeps-model"
copied = keras.models.clone_model(mlp_keras)
copied.set_weights(mlp_keras.get_weights())
copied.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
copied.fit(digits.x_train[:128], digits.y_train[:128], batch_size=64, verbose=0)
partly_pruned = copied


# %% misconception="used-up"
# Layers of `mlp_keras` itself stand in the model, wrapped or not, so that they were trained with it.
# Remedy: Make a new layer: `layer.__class__.from_config(layer.get_config())`.


# %% wrong misconception="used-up" variant=1 loses="keeps-model"
sparsities = {"hidden1": 0.9, "hidden2": 0.5}


def wrapped(layer):
    copied = layer
    if layer.name not in sparsities:
        return copied
    schedule = tfmot.sparsity.keras.ConstantSparsity(sparsities[layer.name], begin_step=0, frequency=1)
    return tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)


partly_pruned = keras.models.clone_model(mlp_keras, clone_function=wrapped)
for copied, layer in zip(partly_pruned.layers, mlp_keras.layers):
    pass
partly_pruned.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
partly_pruned.fit(
    digits.x_train[:128],
    digits.y_train[:128],
    batch_size=64,
    verbose=0,
    callbacks=[tfmot.sparsity.keras.UpdatePruningStep()],
)


# %% wrong misconception="used-up" variant=2 loses="keeps-model"
from tensorflow_model_optimization.sparsity import keras as sparse

layers = []
for layer in mlp_keras.layers:
    copied = layer
    if layer.name != "output":
        schedule = sparse.ConstantSparsity(0.9 if layer.name == "hidden1" else 0.5, 0, frequency=1)
        copied = sparse.prune_low_magnitude(copied, schedule)
    layers.append(copied)
model = keras.Sequential([keras.layers.Input((64,)), *layers])

model.compile(keras.optimizers.SGD(0.05), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train[:128], digits.y_train[:128], 32, verbose=0, callbacks=[sparse.UpdatePruningStep()])
partly_pruned = model


# %% decoy misconception="used-up" loses="keeps-model,second,first,dense,kept-large"
mlp_keras.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
mlp_keras.fit(digits.x_train[:128], digits.y_train[:128], batch_size=64, verbose=0)
partly_pruned = mlp_keras


# %% misconception="untrained-copy"
# The layers have new random weights: `from_config` brings the settings of a layer and nothing that it learned.
# Remedy: Copy the weights, layer by layer.


# %% wrong misconception="untrained-copy" variant=1 loses="kept-large"
sparsities = {"hidden1": 0.9, "hidden2": 0.5}


def wrapped(layer):
    copied = layer.__class__.from_config(layer.get_config())
    if layer.name not in sparsities:
        return copied
    schedule = tfmot.sparsity.keras.ConstantSparsity(sparsities[layer.name], begin_step=0, frequency=1)
    return tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)


partly_pruned = keras.models.clone_model(mlp_keras, clone_function=wrapped)
for copied, layer in zip(partly_pruned.layers, mlp_keras.layers):
    pass
partly_pruned.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
partly_pruned.fit(
    digits.x_train[:128],
    digits.y_train[:128],
    batch_size=64,
    verbose=0,
    callbacks=[tfmot.sparsity.keras.UpdatePruningStep()],
)


# %% wrong misconception="untrained-copy" variant=2 loses="kept-large"
from tensorflow_model_optimization.sparsity import keras as sparse

layers = []
for layer in mlp_keras.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    if layer.name != "output":
        schedule = sparse.ConstantSparsity(0.9 if layer.name == "hidden1" else 0.5, 0, frequency=1)
        copied = sparse.prune_low_magnitude(copied, schedule)
    layers.append(copied)
model = keras.Sequential([keras.layers.Input((64,)), *layers])
keras.utils.set_random_seed(3)
model.compile(keras.optimizers.SGD(0.05), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train[:128], digits.y_train[:128], 32, verbose=0, callbacks=[sparse.UpdatePruningStep()])
partly_pruned = model


# %% decoy misconception="untrained-copy" loses="kept-large"
sparsities = {"hidden1": 0.9, "hidden2": 0.5}


def wrapped(layer):
    copied = layer.__class__.from_config(layer.get_config())
    if layer.name not in sparsities:
        return copied
    schedule = tfmot.sparsity.keras.ConstantSparsity(sparsities[layer.name], begin_step=0, frequency=1)
    return tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)


partly_pruned = keras.models.clone_model(mlp_keras, clone_function=wrapped)
for copied, layer in zip(partly_pruned.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
partly_pruned.compile(keras.optimizers.Adam(1.0), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
partly_pruned.fit(
    digits.x_train[:128],
    digits.y_train[:128],
    batch_size=64,
    verbose=0,
    callbacks=[tfmot.sparsity.keras.UpdatePruningStep()],
)


# %% right style="a new Sequential, layer by layer"
from tensorflow_model_optimization.sparsity import keras as sparse

layers = []
for layer in mlp_keras.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    if layer.name != "output":
        schedule = sparse.ConstantSparsity(0.9 if layer.name == "hidden1" else 0.5, 0, frequency=1)
        copied = sparse.prune_low_magnitude(copied, schedule)
    layers.append(copied)
model = keras.Sequential([keras.layers.Input((64,)), *layers])
for copied, layer in zip(model.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
model.compile(keras.optimizers.SGD(0.05), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train[:128], digits.y_train[:128], 32, verbose=0, callbacks=[sparse.UpdatePruningStep()])
partly_pruned = model


# %% right style="a gradual schedule, SGD"
sparsities = {"hidden1": 0.9, "hidden2": 0.5}


def wrapped(layer):
    copied = layer.__class__.from_config(layer.get_config())
    if layer.name not in sparsities:
        return copied
    schedule = tfmot.sparsity.keras.PolynomialDecay(0.3, sparsities[layer.name], 0, 2, frequency=1)
    return tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)


partly_pruned = keras.models.clone_model(mlp_keras, clone_function=wrapped)
for copied, layer in zip(partly_pruned.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
partly_pruned.compile(
    keras.optimizers.SGD(0.1, momentum=0.9), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
)
partly_pruned.fit(
    digits.x_train[:128],
    digits.y_train[:128],
    batch_size=64,
    verbose=0,
    callbacks=[tfmot.sparsity.keras.UpdatePruningStep()],
)
