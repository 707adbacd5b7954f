# %% misconception="stripped-first"
# The kernels have thousands of different values: training moved them while no wrapper held the clusters.
# Remedy: Wrap, train, and strip after that.


# %% wrong misconception="stripped-first" variant=1 loses="first,second,zeros,output,stripped,accuracy,keeps-model"
numbers = {"hidden1": 16, "hidden2": 8}


def clustered_or_same(layer):
    if layer.name not in numbers:
        return layer
    return cluster.cluster_weights(layer, numbers[layer.name], preserve_sparsity=True)


copied = keras.models.clone_model(mlp_pruned)
copied.set_weights(mlp_pruned.get_weights())
wrapped = keras.models.clone_model(copied, clone_function=clustered_or_same)
few_values = an_epoch(tfmot.clustering.keras.strip_clustering(wrapped))


# %% wrong misconception="stripped-first" variant=2 loses="first,second,zeros,output,stripped,accuracy,keeps-model"
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
model = tfmot.clustering.keras.strip_clustering(model)
model.compile(keras.optimizers.Adam(5e-4), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train, digits.y_train, batch_size=32, epochs=2, verbose=0)
few_values = model


# %% decoy misconception="stripped-first" loses="first,second,zeros,output,stripped,accuracy,keeps-model"
initial = tfmot.clustering.keras.CentroidInitialization.KMEANS_PLUS_PLUS
layers = []
for layer in mlp_pruned.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    copied.build(layer.input_shape)
    copied.set_weights(layer.get_weights())
    layers.append(copied)
model = keras.Sequential([keras.layers.Input((64,))])
model.add(cluster.cluster_weights(layers[0], 200, initial, preserve_sparsity=True))
model.add(cluster.cluster_weights(layers[1], 200, initial, preserve_sparsity=True))
model.add(layers[2])
model.compile(keras.optimizers.Adam(5e-4), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train, digits.y_train, batch_size=32, epochs=2, verbose=0)
few_values = tfmot.clustering.keras.strip_clustering(model)


# %% misconception="not-trained"
# The layers were clustered, and not trained after that.
# Remedy: Train with `an_epoch` under the wrappers, and then strip.


# %% wrong misconception="not-trained" variant=1 loses="first,second,zeros,output,stripped,accuracy,keeps-model"
numbers = {"hidden1": 16, "hidden2": 8}


def clustered_or_same(layer):
    if layer.name not in numbers:
        return layer
    return cluster.cluster_weights(layer, numbers[layer.name], preserve_sparsity=True)


copied = keras.models.clone_model(mlp_pruned)
copied.set_weights(mlp_pruned.get_weights())
wrapped = keras.models.clone_model(copied, clone_function=clustered_or_same)
few_values = tfmot.clustering.keras.strip_clustering(wrapped)


# %% wrong misconception="not-trained" variant=2 loses="first,second,zeros,output,stripped,accuracy,keeps-model"
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
few_values = tfmot.clustering.keras.strip_clustering(model)


# %% decoy misconception="not-trained" loses="first,second,zeros,output,stripped,accuracy,keeps-model"
few_values = keras.models.clone_model(mlp_pruned)
few_values.set_weights(mlp_pruned.get_weights())


# %% misconception="used-up"
# Layers of `mlp_pruned` itself stand in the wrappers, so that they were trained with them.
# Remedy: Copy the model and its weights first, and wrap the layers of the copy.


# %% wrong misconception="used-up" variant=1 loses="keeps-model"
numbers = {"hidden1": 16, "hidden2": 8}


def clustered_or_same(layer):
    if layer.name not in numbers:
        return layer
    return cluster.cluster_weights(layer, numbers[layer.name], preserve_sparsity=True)


copied = mlp_pruned
wrapped = keras.models.clone_model(copied, clone_function=clustered_or_same)
few_values = tfmot.clustering.keras.strip_clustering(an_epoch(wrapped))


# %% wrong misconception="used-up" variant=2 loses="keeps-model"
initial = tfmot.clustering.keras.CentroidInitialization.KMEANS_PLUS_PLUS
layers = mlp_pruned.layers
model = keras.Sequential([keras.layers.Input((64,))])
model.add(cluster.cluster_weights(layers[0], 16, initial, preserve_sparsity=True))
model.add(cluster.cluster_weights(layers[1], 8, initial, preserve_sparsity=True))
model.add(layers[2])
model.compile(keras.optimizers.Adam(5e-4), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train, digits.y_train, batch_size=32, epochs=2, verbose=0)
few_values = tfmot.clustering.keras.strip_clustering(model)


# %% decoy misconception="used-up" loses="first,second,zeros,output,stripped,accuracy,keeps-model"
few_values = an_epoch(mlp_pruned)


# %% misconception="random-centroids"
# The centroids are those of random weights: a layer was wrapped that had not been given what it learned, since
# `from_config` and `clone_model` bring no weights.
# Remedy: Copy model and weights first; only then wrap.


# %% wrong misconception="random-centroids" variant=1 loses="zeros,accuracy"
numbers = {"hidden1": 16, "hidden2": 8}


def clustered_or_same(layer):
    if layer.name not in numbers:
        return layer
    return cluster.cluster_weights(layer, numbers[layer.name], preserve_sparsity=True)


copied = keras.models.clone_model(mlp_pruned)
wrapped = keras.models.clone_model(copied, clone_function=clustered_or_same)
few_values = tfmot.clustering.keras.strip_clustering(an_epoch(wrapped))


# %% wrong misconception="random-centroids" variant=2 loses="zeros,accuracy"
initial = tfmot.clustering.keras.CentroidInitialization.KMEANS_PLUS_PLUS
layers = []
for layer in mlp_pruned.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    layers.append(copied)
model = keras.Sequential([keras.layers.Input((64,))])
model.add(cluster.cluster_weights(layers[0], 16, initial, preserve_sparsity=True))
model.add(cluster.cluster_weights(layers[1], 8, initial, preserve_sparsity=True))
model.add(layers[2])
model.compile(keras.optimizers.Adam(), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(digits.x_train, digits.y_train, batch_size=128, verbose=0)
few_values = tfmot.clustering.keras.strip_clustering(model)


# %% decoy misconception="random-centroids" loses="zeros"
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
model.fit(digits.x_train, digits.y_train, batch_size=32, verbose=0)
few_values = tfmot.clustering.keras.strip_clustering(model)
