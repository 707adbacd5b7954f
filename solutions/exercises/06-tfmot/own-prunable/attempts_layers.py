# %% misconception="all-layers"
# The whole model was wrapped, `hidden1` and `output` with it.
# Remedy: Wrap the layer, not the model: `prune_low_magnitude(Gained(128, name="hidden2"), schedule)`.


# %% wrong misconception="all-layers" variant=1 loses="alone,outputs"
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
wrapped = tfmot.sparsity.keras.prune_low_magnitude(model, pruning_schedule=schedule)
own_pruned = two_steps(wrapped, Gained=Gained)


# %% wrong misconception="all-layers" variant=2 loses="alone,outputs"
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


hidden = Scaled(name="hidden2")
layers = [keras.layers.Dense(256, "relu", name="hidden1"), hidden, keras.layers.Dense(10, name="output")]
model = keras.Sequential([keras.layers.Input((64,)), *layers])
first, _, last = mlp_keras.layers
model.layers[0].set_weights(first.get_weights())
model.layers[1].set_weights([direction, gain, bias])
model.layers[2].set_weights(last.get_weights())
own_pruned = two_steps(sparse.prune_low_magnitude(model, schedule), Scaled=Scaled)


# %% decoy misconception="all-layers" loses="alone,outputs"
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
first_layer = sparse.prune_low_magnitude(keras.layers.Dense(256, "relu", name="hidden1"), schedule)
layers = [first_layer, hidden, keras.layers.Dense(10, name="output")]
model = keras.Sequential([keras.layers.Input((64,)), *layers])
first, _, last = mlp_keras.layers
model.layers[0].set_weights(first.get_weights())
model.layers[1].set_weights([direction, gain, bias])
model.layers[2].set_weights(last.get_weights())
own_pruned = two_steps(model, Scaled=Scaled)


# %% misconception="mask-of-ones"
# The mask is still full of ones: this is the model that was handed to `two_steps`, not what came back, or a schedule
# that begins later.
# Remedy: Take what `two_steps` returns, and the `schedule` of the setup.


# %% wrong misconception="mask-of-ones" variant=1 loses="mask,alone,outputs"
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
    made.set_weights([direction, gain, bias] if layer.name == "hidden2" else layer.get_weights())
two_steps(model, Gained=Gained)
own_pruned = model


# %% wrong misconception="mask-of-ones" variant=2 loses="mask,alone,outputs"
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


hidden = sparse.prune_low_magnitude(Scaled(name="hidden2"), sparse.ConstantSparsity(0.8, 0))
layers = [keras.layers.Dense(256, "relu", name="hidden1"), hidden, keras.layers.Dense(10, name="output")]
model = keras.Sequential([keras.layers.Input((64,)), *layers])
first, _, last = mlp_keras.layers
model.layers[0].set_weights(first.get_weights())
model.layers[1].set_weights([direction, gain, bias])
model.layers[2].set_weights(last.get_weights())
own_pruned = two_steps(model, Scaled=Scaled)


# %% decoy misconception="mask-of-ones" loses="mask,alone,outputs"
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


hidden = sparse.prune_low_magnitude(Scaled(name="hidden2"), sparse.ConstantSparsity(0.2, 0, frequency=1))
layers = [keras.layers.Dense(256, "relu", name="hidden1"), hidden, keras.layers.Dense(10, name="output")]
model = keras.Sequential([keras.layers.Input((64,)), *layers])
first, _, last = mlp_keras.layers
model.layers[0].set_weights(first.get_weights())
model.layers[1].set_weights([direction, gain, bias])
model.layers[2].set_weights(last.get_weights())
own_pruned = two_steps(model, Scaled=Scaled)
