# %% misconception="gain-on-the-bias"
# The bias was added before the gain, and was multiplied with it.
# Remedy: Multiply first: `(x @ kernel) * gain + bias`.


# %% wrong misconception="gain-on-the-bias" variant=1 loses="outputs"
class Gained(keras.layers.Layer, tfmot.sparsity.keras.PrunableLayer):
    def __init__(self, units, **settings):
        super().__init__(**settings)
        self.units = units

    def build(self, shape):
        self.kernel = self.add_weight("kernel", (shape[-1], self.units))
        self.gain = self.add_weight("gain", (self.units,), initializer="ones")
        self.bias = self.add_weight("bias", (self.units,), initializer="zeros")

    def call(self, x):
        return tf.nn.relu((x @ self.kernel + self.bias) * self.gain)

    def get_prunable_weights(self):
        return [self.kernel]

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


# %% wrong misconception="gain-on-the-bias" variant=2 loses="outputs"
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
        return self.activation(tf.multiply(self.gain, tf.matmul(inputs, self.kernel) + self.bias))

    def get_config(self):
        activation = keras.activations.serialize(self.activation)
        return dict(super().get_config(), units=self.units, activation=activation)

    def get_prunable_weights(self):
        return [self.kernel]


hidden = sparse.prune_low_magnitude(Scaled(name="hidden2"), schedule)
layers = [keras.layers.Dense(256, "relu", name="hidden1"), hidden, keras.layers.Dense(10, name="output")]
model = keras.Sequential([keras.layers.Input((64,)), *layers])
first, _, last = mlp_keras.layers
model.layers[0].set_weights(first.get_weights())
model.layers[1].set_weights([direction, gain, bias])
model.layers[2].set_weights(last.get_weights())
own_pruned = two_steps(model, Scaled=Scaled)


# %% misconception="no-relu"
# The layer computes no ReLU.
# Remedy: Put `tf.nn.relu` around the sum.


# %% wrong misconception="no-relu" variant=1 loses="outputs"
class Gained(keras.layers.Layer, tfmot.sparsity.keras.PrunableLayer):
    def __init__(self, units, **settings):
        super().__init__(**settings)
        self.units = units

    def build(self, shape):
        self.kernel = self.add_weight("kernel", (shape[-1], self.units))
        self.gain = self.add_weight("gain", (self.units,), initializer="ones")
        self.bias = self.add_weight("bias", (self.units,), initializer="zeros")

    def call(self, x):
        return (x @ self.kernel) * self.gain + self.bias

    def get_prunable_weights(self):
        return [self.kernel]

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


# %% wrong misconception="no-relu" variant=2 loses="outputs"
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
        return tf.matmul(inputs, self.kernel) * self.gain + self.bias

    def get_config(self):
        activation = keras.activations.serialize(self.activation)
        return dict(super().get_config(), units=self.units, activation=activation)

    def get_prunable_weights(self):
        return [self.kernel]


hidden = sparse.prune_low_magnitude(Scaled(name="hidden2"), schedule)
layers = [keras.layers.Dense(256, "relu", name="hidden1"), hidden, keras.layers.Dense(10, name="output")]
model = keras.Sequential([keras.layers.Input((64,)), *layers])
first, _, last = mlp_keras.layers
model.layers[0].set_weights(first.get_weights())
model.layers[1].set_weights([direction, gain, bias])
model.layers[2].set_weights(last.get_weights())
own_pruned = two_steps(model, Scaled=Scaled)


# %% misconception="gain-of-ones"
# The gain is 1 everywhere: that of the setup was not set.
# Remedy: Set the three weights in the order in which `build` adds them: `set_weights([direction, gain, bias])`.


# %% wrong misconception="gain-of-ones" variant=1 loses="outputs"
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
    return tfmot.sparsity.keras.prune_low_magnitude(Gained(128, name="hidden2"), pruning_schedule=schedule)


model = keras.models.clone_model(mlp_keras, clone_function=own_or_copied)
for made, layer in zip(model.layers, mlp_keras.layers):
    made.set_weights([direction, np.ones(128), bias] if layer.name == "hidden2" else layer.get_weights())
own_pruned = two_steps(model, Gained=Gained)


# %% wrong misconception="gain-of-ones" variant=2 loses="outputs"
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
        return [self.kernel]


hidden = sparse.prune_low_magnitude(Scaled(name="hidden2"), schedule)
layers = [keras.layers.Dense(256, "relu", name="hidden1"), hidden, keras.layers.Dense(10, name="output")]
model = keras.Sequential([keras.layers.Input((64,)), *layers])
first, _, last = mlp_keras.layers
model.layers[0].set_weights(first.get_weights())
model.layers[1].set_weights([direction, tf.ones_like(gain).numpy(), bias])
model.layers[2].set_weights(last.get_weights())
own_pruned = two_steps(model, Scaled=Scaled)


# %% right style="a Sequential, weights added in a loop"
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
        return [self.kernel]


hidden = sparse.prune_low_magnitude(Scaled(name="hidden2"), schedule)
layers = [keras.layers.Dense(256, "relu", name="hidden1"), hidden, keras.layers.Dense(10, name="output")]
model = keras.Sequential([keras.layers.Input((64,)), *layers])
first, _, last = mlp_keras.layers
model.layers[0].set_weights(first.get_weights())
model.layers[1].set_weights([direction, gain, bias])
model.layers[2].set_weights(last.get_weights())
own_pruned = two_steps(model, Scaled=Scaled)


# %% right style="a Dense layer with a gain"
class GainedDense(keras.layers.Dense, tfmot.sparsity.keras.PrunableLayer):
    def build(self, input_shape):
        super().build(input_shape)
        self.gain = self.add_weight("gain", (self.units,), initializer="ones")

    def call(self, inputs):
        return self.activation(keras.backend.dot(inputs, self.kernel) * self.gain + self.bias)

    def get_prunable_weights(self):
        return [self.kernel]


inputs = keras.Input((64,))
hidden1 = keras.layers.Dense(256, activation="relu", name="hidden1")
hidden2 = GainedDense(128, activation="relu", name="hidden2")
output = keras.layers.Dense(10, name="output")
wrapped = tfmot.sparsity.keras.prune_low_magnitude(hidden2, pruning_schedule=schedule)
model = keras.Model(inputs, output(wrapped(hidden1(inputs))))
hidden1.set_weights(mlp_keras.get_layer("hidden1").get_weights())
hidden2.kernel.assign(direction)
hidden2.bias.assign(bias)
hidden2.gain.assign(gain)
output.set_weights(mlp_keras.get_layer("output").get_weights())
own_pruned = two_steps(model, GainedDense=GainedDense)
