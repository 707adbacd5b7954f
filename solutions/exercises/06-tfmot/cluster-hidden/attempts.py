# %% misconception="zeros-lost"
# The zeros are gone: a centroid beside zero took them up, and training moved it.
# Remedy: Pass `preserve_sparsity=True` to `cluster_weights`.


# %% wrong misconception="zeros-lost" variant=1 loses="zeros"
numbers = {"hidden1": 16, "hidden2": 8}


def clustered_or_same(layer):
    if layer.name not in numbers:
        return layer
    return tfmot.clustering.keras.cluster_weights(layer, numbers[layer.name])


copied = keras.models.clone_model(mlp_pruned)
copied.set_weights(mlp_pruned.get_weights())
wrapped = keras.models.clone_model(copied, clone_function=clustered_or_same)
few_values = tfmot.clustering.keras.strip_clustering(an_epoch(wrapped))


# %% wrong misconception="zeros-lost" variant=2 loses="zeros"
initial = tfmot.clustering.keras.CentroidInitialization.KMEANS_PLUS_PLUS
layers = []
for layer in mlp_pruned.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    copied.build(layer.input_shape)
    copied.set_weights(layer.get_weights())
    layers.append(copied)
model = keras.Sequential([keras.layers.Input((64,))])
model.add(cluster.cluster_weights(layers[0], 16, initial))
model.add(cluster.cluster_weights(layers[1], 8, initial))
model.add(layers[2])
model.compile(keras.optimizers.Adam(5e-4), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train, digits.y_train, batch_size=32, epochs=2, verbose=0)
few_values = tfmot.clustering.keras.strip_clustering(model)


# %% decoy misconception="zeros-lost" loses="zeros"
initial = tfmot.clustering.keras.CentroidInitialization.KMEANS_PLUS_PLUS
layers = []
for layer in mlp_pruned.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    copied.build(layer.input_shape)
    copied.set_weights(layer.get_weights())
    layers.append(copied)
model = keras.Sequential([keras.layers.Input((64,))])
model.add(cluster.cluster_weights(layers[0], 16, initial, preserve_sparsity=True))
model.add(cluster.cluster_weights(layers[1], 8, initial))
model.add(layers[2])
model.compile(keras.optimizers.Adam(5e-4), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train, digits.y_train, batch_size=32, epochs=2, verbose=0)
few_values = tfmot.clustering.keras.strip_clustering(model)


# %% misconception="one-number"
# Both layers have the same number of clusters, that of `hidden1`.
# Remedy: Give each wrapper a number of its own.


# %% wrong misconception="one-number" variant=1 loses="second"
numbers = {"hidden1": 16, "hidden2": 16}


def clustered_or_same(layer):
    if layer.name not in numbers:
        return layer
    return cluster.cluster_weights(layer, numbers[layer.name], preserve_sparsity=True)


copied = keras.models.clone_model(mlp_pruned)
copied.set_weights(mlp_pruned.get_weights())
wrapped = keras.models.clone_model(copied, clone_function=clustered_or_same)
few_values = tfmot.clustering.keras.strip_clustering(an_epoch(wrapped))


# %% wrong misconception="one-number" variant=2 loses="second"
initial = tfmot.clustering.keras.CentroidInitialization.KMEANS_PLUS_PLUS
layers = []
for layer in mlp_pruned.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    copied.build(layer.input_shape)
    copied.set_weights(layer.get_weights())
    layers.append(copied)
model = keras.Sequential([keras.layers.Input((64,))])
model.add(cluster.cluster_weights(layers[0], 16, initial, preserve_sparsity=True))
model.add(cluster.cluster_weights(layers[1], 16, initial, preserve_sparsity=True))
model.add(layers[2])
model.compile(keras.optimizers.Adam(5e-4), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train, digits.y_train, batch_size=32, epochs=2, verbose=0)
few_values = tfmot.clustering.keras.strip_clustering(model)


# %% decoy misconception="one-number" loses="second"
initial = tfmot.clustering.keras.CentroidInitialization.KMEANS_PLUS_PLUS
layers = []
for layer in mlp_pruned.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    copied.build(layer.input_shape)
    copied.set_weights(layer.get_weights())
    layers.append(copied)
model = keras.Sequential([keras.layers.Input((64,))])
model.add(cluster.cluster_weights(layers[0], 16, initial, preserve_sparsity=True))
model.add(cluster.cluster_weights(layers[1], 12, initial, preserve_sparsity=True))
model.add(layers[2])
model.compile(keras.optimizers.Adam(5e-4), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train, digits.y_train, batch_size=32, epochs=2, verbose=0)
few_values = tfmot.clustering.keras.strip_clustering(model)


# %% misconception="all-clustered"
# `output` was clustered, too.
# Remedy: Return the layer itself for whatever is not to be clustered.


# %% wrong misconception="all-clustered" variant=1 loses="output"
numbers = {"hidden1": 16, "hidden2": 8, "output": 16}


def clustered_or_same(layer):
    if layer.name not in numbers:
        return layer
    return cluster.cluster_weights(layer, numbers[layer.name], preserve_sparsity=True)


copied = keras.models.clone_model(mlp_pruned)
copied.set_weights(mlp_pruned.get_weights())
wrapped = keras.models.clone_model(copied, clone_function=clustered_or_same)
few_values = tfmot.clustering.keras.strip_clustering(an_epoch(wrapped))


# %% wrong misconception="all-clustered" variant=2 loses="output"
initial = tfmot.clustering.keras.CentroidInitialization.KMEANS_PLUS_PLUS
layers = []
for layer in mlp_pruned.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    copied.build(layer.input_shape)
    copied.set_weights(layer.get_weights())
    layers.append(copied)
model = keras.Sequential([keras.layers.Input((64,))])
model.add(cluster.cluster_weights(layers[0], 16, initial, preserve_sparsity=True))
model.add(cluster.cluster_weights(layers[1], 8, initial, preserve_sparsity=True))
model.add(cluster.cluster_weights(layers[2], 8, initial))
model.compile(keras.optimizers.Adam(5e-4), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train, digits.y_train, batch_size=32, epochs=2, verbose=0)
few_values = tfmot.clustering.keras.strip_clustering(model)


# %% decoy misconception="all-clustered" loses="output"
initial = tfmot.clustering.keras.CentroidInitialization.KMEANS_PLUS_PLUS
layers = []
for layer in mlp_pruned.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    copied.build(layer.input_shape)
    copied.set_weights(layer.get_weights())
    layers.append(copied)
model = keras.Sequential([keras.layers.Input((64,))])
model.add(cluster.cluster_weights(layers[0], 16, initial, preserve_sparsity=True))
model.add(cluster.cluster_weights(layers[1], 8, initial, preserve_sparsity=True))
model.add(cluster.cluster_weights(layers[2], 64, initial))
model.compile(keras.optimizers.Adam(5e-4), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train, digits.y_train, batch_size=32, epochs=2, verbose=0)
few_values = tfmot.clustering.keras.strip_clustering(model)


# %% misconception="wrappers-left"
# The wrappers are still there; the kernels in them are not clustered, only what they compute is.
# Remedy: Take the model that `strip_clustering` returns.


# %% wrong misconception="wrappers-left" variant=1 loses="first,second,zeros,output,stripped,accuracy,keeps-model"
numbers = {"hidden1": 16, "hidden2": 8}


def clustered_or_same(layer):
    if layer.name not in numbers:
        return layer
    return cluster.cluster_weights(layer, numbers[layer.name], preserve_sparsity=True)


copied = keras.models.clone_model(mlp_pruned)
copied.set_weights(mlp_pruned.get_weights())
wrapped = keras.models.clone_model(copied, clone_function=clustered_or_same)
few_values = an_epoch(wrapped)


# %% wrong misconception="wrappers-left" variant=2 loses="first,second,zeros,output,stripped,accuracy,keeps-model"
initial = tfmot.clustering.keras.CentroidInitialization.KMEANS_PLUS_PLUS
layers = []
for layer in mlp_pruned.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    copied.build(layer.input_shape)
    copied.set_weights(layer.get_weights())
    layers.append(copied)
model = keras.Sequential([keras.layers.Input((64,))])
model.add(cluster.cluster_weights(layers[0], 16, initial, preserve_sparsity=True))
model.add(cluster.cluster_weights(layers[1], 8, initial, preserve_sparsity=True))
model.add(layers[2])
model.compile(keras.optimizers.Adam(5e-4), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train, digits.y_train, batch_size=32, epochs=2, verbose=0)
tfmot.clustering.keras.strip_clustering(model)
few_values = model


# %% decoy misconception="wrappers-left" loses="first,second,zeros,output,stripped,accuracy,keeps-model"
numbers = {"hidden1": 16, "hidden2": 8}


def clustered_or_same(layer):
    if layer.name not in numbers:
        return layer
    return cluster.cluster_weights(layer, numbers[layer.name], preserve_sparsity=True)


copied = keras.models.clone_model(mlp_pruned)
copied.set_weights(mlp_pruned.get_weights())
wrapped = keras.models.clone_model(copied, clone_function=clustered_or_same)
few_values = wrapped
