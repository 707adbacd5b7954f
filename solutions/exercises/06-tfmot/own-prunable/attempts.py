# %% misconception="all-weights"
# `get_prunable_weights` named all weights of the layer: gain and bias were pruned with the kernel.
# Remedy: Return the kernel alone; gains and biases are few, and each of them matters much.


# %% wrong misconception="all-weights" variant=1 loses="mask,alone,outputs"
class Gained(keras.layers.Layer, tfmot.sparsity.keras.PrunableLayer):
    def __init__(self, units, **settings):
        super().__init__(**settings)
        self.units = units

    def build(self, shape):
        self.kernel = self.add_weight("kernel", (shape[-1], self.units))
        self.gain = self.add_weight("gain", (self.units,), initializer="ones")
        self.bias = self.add_weight("bias", (self.units,), initializer="zeros")

    def call(self, x):
        return tf.nn.relu((x @ self.kernel) * self.gain + self.bias)

    def get_prunable_weights(self):
        return [self.kernel, self.gain, self.bias]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def own_or_copied(layer):
    if layer.name != "hidden2":
        return layer.__class__.from_config(layer.get_config())
    return tfmot.sparsity.keras.prune_low_magnitude(Gained(128, name="hidden2"), pruning_schedule=schedule)


model = keras.models.clone_model(mlp_keras, clone_function=own_or_copied)
for made, layer in zip(model.layers, mlp_keras.layers):
    made.set_weights([direction, gain, bias] if layer.name == "hidden2" else layer.get_weights())
own_pruned = two_steps(model, Gained=Gained)


# %% wrong misconception="all-weights" variant=2 loses="mask,alone,outputs"
from tensorflow_model_optimization.sparsity import keras as sparse


class Scaled(keras.layers.Layer, sparse.PrunableLayer):
    def __init__(self, units=128, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.units, self.activation = units, keras.activations.get(activation)

    def build(self, input_shape):
        super().build(input_shape)
        shapes = {"kernel": (input_shape[-1], self.units), "gain": (self.units,), "bias": (self.units,)}
        for name, shape in shapes.items():
            setattr(self, name, self.add_weight(name=name, shape=shape))

    def call(self, inputs):
        return self.activation(tf.matmul(inputs, self.kernel) * self.gain + self.bias)

    def get_config(self):
        activation = keras.activations.serialize(self.activation)
        return dict(super().get_config(), units=self.units, activation=activation)

    def get_prunable_weights(self):
        return self.trainable_weights


hidden = sparse.prune_low_magnitude(Scaled(name="hidden2"), schedule)
layers = [keras.layers.Dense(256, "relu", name="hidden1"), hidden, keras.layers.Dense(10, name="output")]
model = keras.Sequential([keras.layers.Input((64,)), *layers])
first, _, last = mlp_keras.layers
model.layers[0].set_weights(first.get_weights())
model.layers[1].set_weights([direction, gain, bias])
model.layers[2].set_weights(last.get_weights())
own_pruned = two_steps(model, Scaled=Scaled)


# %% decoy misconception="all-weights" loses="alone,outputs"
from tensorflow_model_optimization.sparsity import keras as sparse


class Scaled(keras.layers.Layer, sparse.PrunableLayer):
    def __init__(self, units=128, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.units, self.activation = units, keras.activations.get(activation)

    def build(self, input_shape):
        super().build(input_shape)
        shapes = {"kernel": (input_shape[-1], self.units), "gain": (self.units,), "bias": (self.units,)}
        for name, shape in shapes.items():
            setattr(self, name, self.add_weight(name=name, shape=shape))

    def call(self, inputs):
        return self.activation(tf.matmul(inputs, self.kernel) * self.gain + self.bias)

    def get_config(self):
        activation = keras.activations.serialize(self.activation)
        return dict(super().get_config(), units=self.units, activation=activation)

    def get_prunable_weights(self):
        return [self.bias, self.kernel]


hidden = sparse.prune_low_magnitude(Scaled(name="hidden2"), schedule)
layers = [keras.layers.Dense(256, "relu", name="hidden1"), hidden, keras.layers.Dense(10, name="output")]
model = keras.Sequential([keras.layers.Input((64,)), *layers])
first, _, last = mlp_keras.layers
model.layers[0].set_weights(first.get_weights())
model.layers[1].set_weights([direction, gain, bias])
model.layers[2].set_weights(last.get_weights())
own_pruned = two_steps(model, Scaled=Scaled)


# %% misconception="no-weights"
# `get_prunable_weights` named no weight, so that the wrapper has a counter and nothing to prune.
# Remedy: Return a list with the kernel.


# %% wrong misconception="no-weights" variant=1 loses="mask,alone,outputs"
class Gained(keras.layers.Layer, tfmot.sparsity.keras.PrunableLayer):
    def __init__(self, units, **settings):
        super().__init__(**settings)
        self.units = units

    def build(self, shape):
        self.kernel = self.add_weight("kernel", (shape[-1], self.units))
        self.gain = self.add_weight("gain", (self.units,), initializer="ones")
        self.bias = self.add_weight("bias", (self.units,), initializer="zeros")

    def call(self, x):
        return tf.nn.relu((x @ self.kernel) * self.gain + self.bias)

    def get_prunable_weights(self):
        return []

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def own_or_copied(layer):
    if layer.name != "hidden2":
        return layer.__class__.from_config(layer.get_config())
    return tfmot.sparsity.keras.prune_low_magnitude(Gained(128, name="hidden2"), pruning_schedule=schedule)


model = keras.models.clone_model(mlp_keras, clone_function=own_or_copied)
for made, layer in zip(model.layers, mlp_keras.layers):
    made.set_weights([direction, gain, bias] if layer.name == "hidden2" else layer.get_weights())
own_pruned = two_steps(model, Gained=Gained)


# %% wrong misconception="no-weights" variant=2 loses="mask,alone,outputs"
from tensorflow_model_optimization.sparsity import keras as sparse


class Scaled(keras.layers.Layer, sparse.PrunableLayer):
    def __init__(self, units=128, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.units, self.activation = units, keras.activations.get(activation)

    def build(self, input_shape):
        super().build(input_shape)
        shapes = {"kernel": (input_shape[-1], self.units), "gain": (self.units,), "bias": (self.units,)}
        for name, shape in shapes.items():
            setattr(self, name, self.add_weight(name=name, shape=shape))

    def call(self, inputs):
        return self.activation(tf.matmul(inputs, self.kernel) * self.gain + self.bias)

    def get_config(self):
        activation = keras.activations.serialize(self.activation)
        return dict(super().get_config(), units=self.units, activation=activation)

    def get_prunable_weights(self):
        return [one for one in self.weights if one.name == "kernel"]


hidden = sparse.prune_low_magnitude(Scaled(name="hidden2"), schedule)
layers = [keras.layers.Dense(256, "relu", name="hidden1"), hidden, keras.layers.Dense(10, name="output")]
model = keras.Sequential([keras.layers.Input((64,)), *layers])
first, _, last = mlp_keras.layers
model.layers[0].set_weights(first.get_weights())
model.layers[1].set_weights([direction, gain, bias])
model.layers[2].set_weights(last.get_weights())
own_pruned = two_steps(model, Scaled=Scaled)


# %% decoy misconception="no-weights" loses="mask,alone,outputs"
class Gained(keras.layers.Layer, tfmot.sparsity.keras.PrunableLayer):
    def __init__(self, units, **settings):
        super().__init__(**settings)
        self.units = units

    def build(self, shape):
        self.kernel = self.add_weight("kernel", (shape[-1], self.units))
        self.gain = self.add_weight("gain", (self.units,), initializer="ones")
        self.bias = self.add_weight("bias", (self.units,), initializer="zeros")

    def call(self, x):
        return tf.nn.relu((x @ self.kernel) * self.gain + self.bias)

    def get_prunable_weights(self):
        return [self.kernel]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def own_or_copied(layer):
    if layer.name != "hidden2":
        return layer.__class__.from_config(layer.get_config())
    return Gained(128, name="hidden2")


model = keras.models.clone_model(mlp_keras, clone_function=own_or_copied)
for made, layer in zip(model.layers, mlp_keras.layers):
    made.set_weights([direction, gain, bias] if layer.name == "hidden2" else layer.get_weights())
own_pruned = two_steps(model, Gained=Gained)
