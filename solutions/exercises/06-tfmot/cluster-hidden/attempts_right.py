# %% right style="a Sequential of built layers, two epochs"
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
few_values = tfmot.clustering.keras.strip_clustering(model)


# %% right style="a functional model, wrapped by the public function"
initial = tfmot.clustering.keras.CentroidInitialization.KMEANS_PLUS_PLUS
copied = keras.models.clone_model(mlp_pruned)
copied.set_weights(mlp_pruned.get_weights())
hidden1, hidden2, output = copied.layers
settings = {"cluster_centroids_init": initial, "preserve_sparsity": True}
hidden1 = tfmot.clustering.keras.cluster_weights(hidden1, number_of_clusters=16, **settings)
hidden2 = tfmot.clustering.keras.cluster_weights(hidden2, number_of_clusters=8, **settings)
inputs = keras.Input((64,))
model = keras.Model(inputs, output(hidden2(hidden1(inputs))))
few_values = tfmot.clustering.keras.strip_clustering(an_epoch(model))
