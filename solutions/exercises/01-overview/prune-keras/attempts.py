# %% misconception="never-pruned"
# No weight was removed: in the 34 steps of 2 epochs the schedule in force never pruned; by default it does every 100.
# Remedy: Set `begin_step=0` and `frequency=1`, and pass the schedule as `pruning_schedule=`; other names are swallowed.


# %% wrong misconception="never-pruned" variant=1 loses="sparsity,kept-large,stripped,accuracy,keeps-model"
keras.utils.set_random_seed(0)
copied = keras.models.clone_model(mlp_keras)
copied.set_weights(mlp_keras.get_weights())
schedule = tfmot.sparsity.keras.ConstantSparsity(0.75, begin_step=0)
wrapped = tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)
wrapped.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
step = tfmot.sparsity.keras.UpdatePruningStep()
wrapped.fit(digits.x_train, digits.y_train, batch_size=64, epochs=2, verbose=0, callbacks=[step])
pruned_keras = tfmot.sparsity.keras.strip_pruning(wrapped)


# %% wrong misconception="never-pruned" variant=2 loses="sparsity,kept-large,stripped,accuracy,keeps-model"
from tensorflow_model_optimization.sparsity import keras as pruning

keras.utils.set_random_seed(1)
trained = keras.models.clone_model(mlp_keras)
trained.set_weights(mlp_keras.get_weights())
steps = 2 * (len(digits.x_train) // 64)
decay = pruning.PolynomialDecay(initial_sparsity=0.5, final_sparsity=0.75, begin_step=0, end_step=steps)
trained = pruning.prune_low_magnitude(trained, decay)
trained.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
trained.fit(digits.x_train, digits.y_train, epochs=2, batch_size=64, verbose=0, callbacks=[pruning.UpdatePruningStep()])
pruned_keras = pruning.strip_pruning(trained)


# %% decoy misconception="never-pruned" loses="sparsity"
keras.utils.set_random_seed(0)
copied = keras.models.clone_model(mlp_keras)
copied.set_weights(mlp_keras.get_weights())
schedule = tfmot.sparsity.keras.ConstantSparsity(0.25, begin_step=0, frequency=1)
wrapped = tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)
wrapped.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
step = tfmot.sparsity.keras.UpdatePruningStep()
wrapped.fit(digits.x_train, digits.y_train, batch_size=64, epochs=2, verbose=0, callbacks=[step])
pruned_keras = tfmot.sparsity.keras.strip_pruning(wrapped)


# %% misconception="stops-short"
# Pruning stopped short of 0.75: `end_step` lies beyond the 34 steps of 2 epochs, or the target is lower.
# Remedy: Let the schedule end at 0.75 within the steps that you train, such as `end_step=34`.


# %% wrong misconception="stops-short" variant=1 loses="sparsity"
keras.utils.set_random_seed(0)
copied = keras.models.clone_model(mlp_keras)
copied.set_weights(mlp_keras.get_weights())
schedule = tfmot.sparsity.keras.PolynomialDecay(0.0, 0.75, begin_step=0, end_step=68, frequency=1)
wrapped = tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)
wrapped.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
step = tfmot.sparsity.keras.UpdatePruningStep()
wrapped.fit(digits.x_train, digits.y_train, batch_size=64, epochs=2, verbose=0, callbacks=[step])
pruned_keras = tfmot.sparsity.keras.strip_pruning(wrapped)


# %% wrong misconception="stops-short" variant=2 loses="sparsity"
from tensorflow_model_optimization.sparsity import keras as pruning

keras.utils.set_random_seed(1)
trained = keras.Sequential.from_config(mlp_keras.get_config())
trained.set_weights(mlp_keras.get_weights())
decay = pruning.PolynomialDecay(initial_sparsity=0.3, final_sparsity=0.75, begin_step=0, end_step=200, frequency=4)
trained = pruning.prune_low_magnitude(trained, decay)
trained.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
trained.fit(digits.x_train, digits.y_train, epochs=2, batch_size=64, verbose=0, callbacks=[pruning.UpdatePruningStep()])
pruned_keras = pruning.strip_pruning(trained)


# %% decoy misconception="stops-short" loses="sparsity"
keras.utils.set_random_seed(0)
copied = keras.models.clone_model(mlp_keras)
copied.set_weights(mlp_keras.get_weights())
schedule = tfmot.sparsity.keras.ConstantSparsity(0.85, begin_step=0, frequency=1)
wrapped = tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)
wrapped.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
step = tfmot.sparsity.keras.UpdatePruningStep()
wrapped.fit(digits.x_train, digits.y_train, batch_size=64, epochs=2, verbose=0, callbacks=[step])
pruned_keras = tfmot.sparsity.keras.strip_pruning(wrapped)


# %% decoy misconception="stops-short" loses="sparsity,kept-large,stripped,accuracy,keeps-model"
keras.utils.set_random_seed(0)
copied = keras.models.clone_model(mlp_keras)
copied.set_weights(mlp_keras.get_weights())
schedule = tfmot.sparsity.keras.ConstantSparsity(0.75, begin_step=0, frequency=1)
wrapped = tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
wrapped.compile("adam", loss)
step = tfmot.sparsity.keras.UpdatePruningStep()
wrapped.fit(digits.x_train, digits.y_train, batch_size=64, epochs=1, verbose=0, callbacks=[step])
pruned_keras = tfmot.sparsity.keras.strip_pruning(wrapped)
pruned_keras.compile("adam", loss)  # fitted on without masks
pruned_keras.fit(digits.x_train, digits.y_train, batch_size=64, epochs=2, verbose=0)


# %% decoy misconception="stops-short" loses="sparsity"
keras.utils.set_random_seed(0)
schedule = tfmot.sparsity.keras.ConstantSparsity(0.75, begin_step=0, frequency=1)


def wrap(layer):
    copied = layer.__class__.from_config(layer.get_config())
    return copied if layer.name == "output" else tfmot.sparsity.keras.prune_low_magnitude(copied, schedule)


wrapped = keras.models.clone_model(mlp_keras, clone_function=wrap)
for copied, layer in zip(wrapped.layers, mlp_keras.layers):
    getattr(copied, "layer", copied).set_weights(layer.get_weights())
wrapped.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
step = tfmot.sparsity.keras.UpdatePruningStep()
wrapped.fit(digits.x_train, digits.y_train, batch_size=64, epochs=2, verbose=0, callbacks=[step])
pruned_keras = tfmot.sparsity.keras.strip_pruning(wrapped)


# %% misconception="wrappers-left"
# The wrappers are still there, with a mask, a threshold and a step counter for each layer.
# Remedy: Take the model that `tfmot.sparsity.keras.strip_pruning(model)` returns.


# %% wrong misconception="wrappers-left" variant=1 loses="stripped"
keras.utils.set_random_seed(0)
copied = keras.models.clone_model(mlp_keras)
copied.set_weights(mlp_keras.get_weights())
schedule = tfmot.sparsity.keras.ConstantSparsity(0.75, begin_step=0, frequency=1)
wrapped = tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)
wrapped.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
step = tfmot.sparsity.keras.UpdatePruningStep()
wrapped.fit(digits.x_train, digits.y_train, batch_size=64, epochs=2, verbose=0, callbacks=[step])
pruned_keras = wrapped


# %% wrong misconception="wrappers-left" variant=2 loses="stripped"
keras.utils.set_random_seed(1)
schedule = tfmot.sparsity.keras.ConstantSparsity(0.75, begin_step=0, end_step=-1, frequency=1)
pruned_keras = keras.Sequential([keras.layers.Input((64,))])
for layer in mlp_keras.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    pruned_keras.add(tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule))
    copied.set_weights(layer.get_weights())
pruned_keras.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
step = tfmot.sparsity.keras.UpdatePruningStep()
pruned_keras.fit(digits.x_train, digits.y_train, batch_size=64, epochs=2, verbose=0, callbacks=[step])
tfmot.sparsity.keras.strip_pruning(pruned_keras)  # returns the stripped model, which is lost here


# %% decoy misconception="wrappers-left" loses="sparsity,kept-large,stripped,accuracy,keeps-model"
keras.utils.set_random_seed(0)
copied = keras.models.clone_model(mlp_keras)
copied.set_weights(mlp_keras.get_weights())
schedule = tfmot.sparsity.keras.ConstantSparsity(0.75, begin_step=0, frequency=1)
wrapped = tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)
wrapped.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
pruned_keras = tfmot.sparsity.keras.strip_pruning(wrapped)


# %% misconception="untrained-copy"
# The copy lost what the model had learned: `clone_model` makes new random weights.
# Remedy: Call `copied.set_weights(mlp_keras.get_weights())` before you wrap the copy.


# %% wrong misconception="untrained-copy" variant=1 loses="kept-large,accuracy"
keras.utils.set_random_seed(1)
copied = keras.models.clone_model(mlp_keras)
schedule = tfmot.sparsity.keras.ConstantSparsity(0.75, begin_step=0, frequency=1)
wrapped = tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)
wrapped.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
step = tfmot.sparsity.keras.UpdatePruningStep()
wrapped.fit(digits.x_train, digits.y_train, batch_size=64, epochs=2, verbose=0, callbacks=[step])
pruned_keras = tfmot.sparsity.keras.strip_pruning(wrapped)


# %% wrong misconception="untrained-copy" variant=2 loses="kept-large,accuracy"
from tensorflow_model_optimization.sparsity import keras as pruning

keras.utils.set_random_seed(2)
fresh = keras.Sequential.from_config(mlp_keras.get_config())
decay = pruning.PolynomialDecay(0.0, 0.75, begin_step=0, end_step=20, frequency=2)
fresh = pruning.prune_low_magnitude(fresh, decay)
fresh.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
fresh.fit(digits.x_train, digits.y_train, epochs=2, batch_size=64, verbose=0, callbacks=[pruning.UpdatePruningStep()])
pruned_keras = pruning.strip_pruning(fresh)


# %% decoy misconception="untrained-copy" loses="sparsity,stripped,kept-large,accuracy,keeps-model"
import numpy as np

kernels = [layer.get_weights()[0] for layer in mlp_keras.layers]
threshold = np.quantile(np.abs(np.concatenate([kernel.ravel() for kernel in kernels])), 0.75)  # one for all layers
pruned_keras = keras.models.clone_model(mlp_keras)
for layer, given in zip(pruned_keras.layers, mlp_keras.layers, strict=True):
    kernel, bias = given.get_weights()
    layer.set_weights([np.where(np.abs(kernel) <= threshold, 0, kernel), bias])


# %% decoy misconception="untrained-copy" loses="kept-large,accuracy"
keras.utils.set_random_seed(0)
copied = keras.models.clone_model(mlp_keras)
copied.set_weights(mlp_keras.get_weights())
schedule = tfmot.sparsity.keras.ConstantSparsity(0.75, begin_step=0, frequency=1)
wrapped = tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=schedule)
wrapped.compile(keras.optimizers.Adam(1.0), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
step = tfmot.sparsity.keras.UpdatePruningStep()
wrapped.fit(digits.x_train, digits.y_train, batch_size=64, epochs=2, verbose=0, callbacks=[step])
pruned_keras = tfmot.sparsity.keras.strip_pruning(wrapped)


# %% misconception="used-up"
# Numbers of `mlp_keras` were changed: wrapping shares the layers of the model that is wrapped, and prunes them.
# Remedy: Wrap a copy: `clone_model`, then `set_weights(mlp_keras.get_weights())`.


# %% wrong misconception="used-up" variant=1 loses="keeps-model"
keras.utils.set_random_seed(0)
schedule = tfmot.sparsity.keras.ConstantSparsity(0.75, begin_step=0, frequency=1)
wrapped = tfmot.sparsity.keras.prune_low_magnitude(mlp_keras, pruning_schedule=schedule)
wrapped.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
step = tfmot.sparsity.keras.UpdatePruningStep()
wrapped.fit(digits.x_train, digits.y_train, batch_size=64, epochs=2, verbose=0, callbacks=[step])
pruned_keras = tfmot.sparsity.keras.strip_pruning(wrapped)


# %% wrong misconception="used-up" variant=2 loses="keeps-model"
from tensorflow_model_optimization.sparsity import keras as pruning

keras.utils.set_random_seed(1)
decay = pruning.PolynomialDecay(0.0, 0.75, begin_step=0, end_step=20, frequency=2)


def wrap(layer):
    return pruning.prune_low_magnitude(layer, decay)  # the given layer itself


shared = keras.models.clone_model(mlp_keras, clone_function=wrap)
shared.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
shared.fit(digits.x_train, digits.y_train, epochs=2, batch_size=64, verbose=0, callbacks=[pruning.UpdatePruningStep()])
pruned_keras = pruning.strip_pruning(shared)


# %% decoy misconception="used-up" loses="sparsity,kept-large,stripped,accuracy,keeps-model"
mlp_keras.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
mlp_keras.fit(digits.x_train, digits.y_train, batch_size=64, epochs=1, verbose=0)  # trained on, and never pruned
pruned_keras = mlp_keras


# %% right style="a gradual schedule"
from tensorflow_model_optimization.sparsity import keras as pruning

keras.utils.set_random_seed(1)
copied = keras.models.clone_model(mlp_keras)
copied.set_weights(mlp_keras.get_weights())
decay = pruning.PolynomialDecay(0.0, 0.75, begin_step=0, end_step=20, frequency=2)
wrapped = pruning.prune_low_magnitude(copied, pruning_schedule=decay)
wrapped.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
wrapped.fit(digits.x_train, digits.y_train, batch_size=64, epochs=2, verbose=0, callbacks=[pruning.UpdatePruningStep()])
pruned_keras = pruning.strip_pruning(wrapped)


# %% right style="layer by layer, through clone_function"
keras.utils.set_random_seed(2)
schedule = tfmot.sparsity.keras.ConstantSparsity(0.75, begin_step=0, frequency=1)


def wrap(layer):
    return tfmot.sparsity.keras.prune_low_magnitude(layer.__class__.from_config(layer.get_config()), schedule)


wrapped = keras.models.clone_model(mlp_keras, clone_function=wrap)
for copied, layer in zip(wrapped.layers, mlp_keras.layers):
    copied.layer.set_weights(layer.get_weights())
wrapped.compile(keras.optimizers.Adam(1e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
step = tfmot.sparsity.keras.UpdatePruningStep()
wrapped.fit(digits.x_train, digits.y_train, batch_size=64, epochs=2, verbose=0, callbacks=[step])
pruned_keras = tfmot.sparsity.keras.strip_pruning(wrapped)
