# %% misconception="stripped-first"
# The masks did not hold to the end of the training: the model was stripped before it, or the wrappers had no masks to
# hold, or no callback held them after the last step. Zeros are then weights like others, and move.
# Remedy: Train under the wrappers that were loaded, with `UpdatePruningStep()`, and strip after that.


# %% wrong misconception="stripped-first" variant=1 loses="sparsity,kept-large,stripped,accuracy"
with tfmot.sparsity.keras.prune_scope():
    loaded = keras.models.load_model(path)
loaded = tfmot.sparsity.keras.strip_pruning(loaded)
loaded.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
loaded.fit(digits.x_train, digits.y_train, batch_size=64, epochs=1, verbose=0, callbacks=[])
resumed = loaded


# %% wrong misconception="stripped-first" variant=2 loses="sparsity,kept-large,stripped,accuracy"
sparse = tfmot.sparsity.keras
with sparse.prune_scope():
    kept = sparse.strip_pruning(keras.models.load_model(path, compile=False))
resumed = keras.models.clone_model(kept)
resumed.set_weights(kept.get_weights())
resumed.compile(keras.optimizers.SGD(0.1), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
resumed.fit(digits.x_train, digits.y_train, 32, epochs=2, verbose=0)


# %% decoy misconception="stripped-first" loses="sparsity,kept-large"
with tfmot.sparsity.keras.prune_scope():
    loaded = keras.models.load_model(path)
loaded = tfmot.sparsity.keras.strip_pruning(loaded)
schedule = tfmot.sparsity.keras.ConstantSparsity(0.35, begin_step=0, frequency=1)
loaded = tfmot.sparsity.keras.prune_low_magnitude(loaded, schedule)
loaded.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
loaded.fit(
    digits.x_train,
    digits.y_train,
    batch_size=64,
    epochs=1,
    verbose=0,
    callbacks=[tfmot.sparsity.keras.UpdatePruningStep()],
)
resumed = tfmot.sparsity.keras.strip_pruning(loaded)


# %% misconception="not-trained"
# The model was loaded and stripped, and not trained further.
# Remedy: Compile and fit it before you strip it.


# %% wrong misconception="not-trained" variant=1 loses="sparsity,kept-large,stripped,accuracy"
with tfmot.sparsity.keras.prune_scope():
    loaded = keras.models.load_model(path)
resumed = tfmot.sparsity.keras.strip_pruning(loaded)


# %% wrong misconception="not-trained" variant=2 loses="sparsity,kept-large,stripped,accuracy"
scope = {"PruneLowMagnitude": type(tfmot.sparsity.keras.prune_low_magnitude(keras.layers.Dense(1)))}
loaded = keras.models.load_model(path, custom_objects=scope)
loaded.compile("adam", "mse")
resumed = tfmot.sparsity.keras.strip_pruning(loaded)


# %% decoy misconception="not-trained" loses="sparsity,kept-large,stripped,accuracy"
resumed = zoo.digits_mlp_keras()


# %% misconception="wrappers-left"
# The wrappers are still there, with a mask, a threshold and a counter each.
# Remedy: Take the model that `strip_pruning` returns.


# %% wrong misconception="wrappers-left" variant=1 loses="stripped"
with tfmot.sparsity.keras.prune_scope():
    loaded = keras.models.load_model(path)
loaded.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
loaded.fit(
    digits.x_train,
    digits.y_train,
    batch_size=64,
    epochs=1,
    verbose=0,
    callbacks=[tfmot.sparsity.keras.UpdatePruningStep()],
)
resumed = loaded


# %% wrong misconception="wrappers-left" variant=2 loses="stripped"
with tfmot.sparsity.keras.prune_scope():
    loaded = keras.models.load_model(path)
loaded.compile(keras.optimizers.Adam(5e-4), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
loaded.fit(
    digits.x_train,
    digits.y_train,
    batch_size=64,
    epochs=2,
    verbose=0,
    callbacks=[tfmot.sparsity.keras.UpdatePruningStep()],
)
tfmot.sparsity.keras.strip_pruning(loaded)
resumed = loaded


# %% decoy misconception="wrappers-left" loses="sparsity,kept-large,stripped,accuracy"
with tfmot.sparsity.keras.prune_scope():
    resumed = keras.models.load_model(path)


# %% misconception="wrapped-anew"
# The masks are new ones: the model was wrapped a second time, and its masks were made again while it trained.
# Remedy: Go on with the wrappers that were loaded; their masks hold as they are.


# %% wrong misconception="wrapped-anew" variant=1 loses="sparsity,kept-large"
with tfmot.sparsity.keras.prune_scope():
    loaded = keras.models.load_model(path)
loaded = tfmot.sparsity.keras.strip_pruning(loaded)
schedule = tfmot.sparsity.keras.ConstantSparsity(0.5, begin_step=0, frequency=1)
loaded = tfmot.sparsity.keras.prune_low_magnitude(loaded, schedule)
loaded.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
loaded.fit(
    digits.x_train,
    digits.y_train,
    batch_size=64,
    epochs=1,
    verbose=0,
    callbacks=[tfmot.sparsity.keras.UpdatePruningStep()],
)
resumed = tfmot.sparsity.keras.strip_pruning(loaded)


# %% wrong misconception="wrapped-anew" variant=2 loses="sparsity,kept-large"
with tfmot.sparsity.keras.prune_scope():
    loaded = keras.models.load_model(path)
loaded = tfmot.sparsity.keras.strip_pruning(loaded)
schedule = tfmot.sparsity.keras.ConstantSparsity(0.6, begin_step=1, frequency=2)
loaded = tfmot.sparsity.keras.prune_low_magnitude(loaded, schedule)
loaded.compile(keras.optimizers.Adam(5e-4), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
loaded.fit(
    digits.x_train,
    digits.y_train,
    batch_size=64,
    epochs=1,
    verbose=0,
    callbacks=[tfmot.sparsity.keras.UpdatePruningStep()],
)
resumed = tfmot.sparsity.keras.strip_pruning(loaded)


# %% decoy misconception="wrapped-anew" loses="accuracy,kept-large"
with tfmot.sparsity.keras.prune_scope():
    loaded = keras.models.load_model(path)
loaded.compile(keras.optimizers.SGD(3.0), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
loaded.fit(
    digits.x_train,
    digits.y_train,
    batch_size=64,
    epochs=1,
    verbose=0,
    callbacks=[tfmot.sparsity.keras.UpdatePruningStep()],
)
resumed = tfmot.sparsity.keras.strip_pruning(loaded)


# %% right style="custom objects by name"
scope = {"PruneLowMagnitude": type(tfmot.sparsity.keras.prune_low_magnitude(keras.layers.Dense(1)))}
loaded = keras.models.load_model(path, custom_objects=scope, compile=False)
loaded.compile(keras.optimizers.SGD(0.05), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
loaded.fit(
    digits.x_train, digits.y_train, 32, epochs=2, verbose=0, callbacks=[tfmot.sparsity.keras.UpdatePruningStep()]
)
resumed = tfmot.sparsity.keras.strip_pruning(loaded)


# %% right style="a slower optimizer, two epochs"
with tfmot.sparsity.keras.prune_scope():
    loaded = keras.models.load_model(path)
loaded.compile(keras.optimizers.Adam(5e-4), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
loaded.fit(
    digits.x_train,
    digits.y_train,
    batch_size=64,
    epochs=2,
    verbose=0,
    callbacks=[tfmot.sparsity.keras.UpdatePruningStep()],
)
resumed = tfmot.sparsity.keras.strip_pruning(loaded)
