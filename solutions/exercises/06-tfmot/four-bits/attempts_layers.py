# %% misconception="never-called"
# The ranges are about those that the quantizers began with: no call with data and `training=True` has set them.
# Remedy: Call the model once with `training=True`; a `LastValueQuantizer` takes its range from that call.


# %% wrong misconception="never-called" variant=1 loses="outputs,still-float,keeps-model"
class FourBits(tfmot.quantization.keras.QuantizeConfig):
    def get_weights_and_quantizers(self, layer):
        return [
            (layer.kernel, quantizers.LastValueQuantizer(num_bits=4, per_axis=False, symmetric=True, narrow_range=True))
        ]

    def get_activations_and_quantizers(self, layer):
        return []

    def set_quantize_weights(self, layer, quantize_weights):
        layer.kernel = quantize_weights[0]

    def set_quantize_activations(self, layer, quantize_activations):
        pass

    def get_output_quantizers(self, layer):
        return []

    def get_config(self):
        return {}


def annotated(layer):
    copied = layer.__class__.from_config(layer.get_config())
    if layer.name == "output":
        return copied
    return tfmot.quantization.keras.quantize_annotate_layer(copied, FourBits())


model = keras.models.clone_model(mlp_keras, clone_function=annotated)
model.set_weights(mlp_keras.get_weights())
with tfmot.quantization.keras.quantize_scope({"FourBits": FourBits}):
    four_bits = tfmot.quantization.keras.quantize_apply(model)


# %% wrong misconception="never-called" variant=2 loses="outputs,still-float,keeps-model"
tools = tfmot.quantization.keras


@keras.utils.register_keras_serializable("own")
class Narrow(tools.QuantizeConfig):
    def __init__(self, bits=4):
        self.bits = bits
        self.quantizer = quantizers.LastValueQuantizer(bits, False, True, True)

    def get_weights_and_quantizers(self, layer):
        return [(layer.kernel, self.quantizer)]

    def get_activations_and_quantizers(self, layer):
        return []

    def set_quantize_weights(self, layer, quantize_weights):
        (layer.kernel,) = quantize_weights

    def set_quantize_activations(self, layer, quantize_activations):
        return None

    def get_output_quantizers(self, layer):
        return []

    def get_config(self):
        return {"bits": self.bits}


layers = [keras.layers.Input((64,))]
for layer in mlp_keras.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    layers.append(copied if layer.units == 10 else tools.quantize_annotate_layer(copied, Narrow()))
sequence = keras.Sequential(layers)
for copied, layer in zip(sequence.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
with tools.quantize_scope():
    applied = tools.quantize_apply(sequence)
applied(digits.x_train[:500])
four_bits = applied


# %% misconception="output-too"
# The output layer is quantized, too.
# Remedy: Annotate the hidden layers, and return a plain copy of the output layer.


# %% wrong misconception="output-too" variant=1 loses="outputs,still-float,keeps-model,nothing-more"
class FourBits(tfmot.quantization.keras.QuantizeConfig):
    def get_weights_and_quantizers(self, layer):
        return [
            (layer.kernel, quantizers.LastValueQuantizer(num_bits=4, per_axis=False, symmetric=True, narrow_range=True))
        ]

    def get_activations_and_quantizers(self, layer):
        return []

    def set_quantize_weights(self, layer, quantize_weights):
        layer.kernel = quantize_weights[0]

    def set_quantize_activations(self, layer, quantize_activations):
        pass

    def get_output_quantizers(self, layer):
        return []

    def get_config(self):
        return {}


def annotated(layer):
    copied = layer.__class__.from_config(layer.get_config())
    if False:
        return copied
    return tfmot.quantization.keras.quantize_annotate_layer(copied, FourBits())


model = keras.models.clone_model(mlp_keras, clone_function=annotated)
model.set_weights(mlp_keras.get_weights())
with tfmot.quantization.keras.quantize_scope({"FourBits": FourBits}):
    four_bits = tfmot.quantization.keras.quantize_apply(model)
four_bits(digits.x_train, training=True)


# %% wrong misconception="output-too" variant=2 loses="outputs,still-float,keeps-model,nothing-more"
tools = tfmot.quantization.keras


@keras.utils.register_keras_serializable("own")
class Narrow(tools.QuantizeConfig):
    def __init__(self, bits=4):
        self.bits = bits
        self.quantizer = quantizers.LastValueQuantizer(bits, False, True, True)

    def get_weights_and_quantizers(self, layer):
        return [(layer.kernel, self.quantizer)]

    def get_activations_and_quantizers(self, layer):
        return []

    def set_quantize_weights(self, layer, quantize_weights):
        (layer.kernel,) = quantize_weights

    def set_quantize_activations(self, layer, quantize_activations):
        return None

    def get_output_quantizers(self, layer):
        return []

    def get_config(self):
        return {"bits": self.bits}


layers = [keras.layers.Input((64,))]
for layer in mlp_keras.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    layers.append(tools.quantize_annotate_layer(copied, Narrow()))
sequence = keras.Sequential(layers)
for copied, layer in zip(sequence.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
with tools.quantize_scope():
    applied = tools.quantize_apply(sequence)
for start in (0, 500, 0):
    applied(digits.x_train[start : start + 500], training=True)
four_bits = applied


# %% misconception="rounded-for-good"
# The kernels themselves were rounded; a model that is aware of quantization keeps its floats.
# Remedy: Leave the rounding to the quantizer.


# %% wrong misconception="rounded-for-good" variant=1 loses="still-float"
import numpy as np

rounded = [one.copy() for one in mlp_keras.get_weights()]
for place in (0, 2):
    scale = np.abs(rounded[place]).max() / 7
    rounded[place] = np.round(rounded[place] / scale) * scale


class FourBits(tfmot.quantization.keras.QuantizeConfig):
    def get_weights_and_quantizers(self, layer):
        return [
            (layer.kernel, quantizers.LastValueQuantizer(num_bits=4, per_axis=False, symmetric=True, narrow_range=True))
        ]

    def get_activations_and_quantizers(self, layer):
        return []

    def set_quantize_weights(self, layer, quantize_weights):
        layer.kernel = quantize_weights[0]

    def set_quantize_activations(self, layer, quantize_activations):
        pass

    def get_output_quantizers(self, layer):
        return []

    def get_config(self):
        return {}


def annotated(layer):
    copied = layer.__class__.from_config(layer.get_config())
    if layer.name == "output":
        return copied
    return tfmot.quantization.keras.quantize_annotate_layer(copied, FourBits())


model = keras.models.clone_model(mlp_keras, clone_function=annotated)
model.set_weights(rounded)
with tfmot.quantization.keras.quantize_scope({"FourBits": FourBits}):
    four_bits = tfmot.quantization.keras.quantize_apply(model)
four_bits(digits.x_train, training=True)


# %% misconception="used-up"
# `mlp_keras` was changed.
# Remedy: Clone it, and copy the weights.


# %% wrong misconception="used-up" variant=1 loses="keeps-model"
class FourBits(tfmot.quantization.keras.QuantizeConfig):
    def get_weights_and_quantizers(self, layer):
        return [
            (layer.kernel, quantizers.LastValueQuantizer(num_bits=4, per_axis=False, symmetric=True, narrow_range=True))
        ]

    def get_activations_and_quantizers(self, layer):
        return []

    def set_quantize_weights(self, layer, quantize_weights):
        layer.kernel = quantize_weights[0]

    def set_quantize_activations(self, layer, quantize_activations):
        pass

    def get_output_quantizers(self, layer):
        return []

    def get_config(self):
        return {}


def annotated(layer):
    copied = layer.__class__.from_config(layer.get_config())
    if layer.name == "output":
        return copied
    return tfmot.quantization.keras.quantize_annotate_layer(copied, FourBits())


model = keras.models.clone_model(mlp_keras, clone_function=annotated)
model.set_weights(mlp_keras.get_weights())
with tfmot.quantization.keras.quantize_scope({"FourBits": FourBits}):
    four_bits = tfmot.quantization.keras.quantize_apply(model)
four_bits(digits.x_train, training=True)
mlp_keras.set_weights([0 * one for one in mlp_keras.get_weights()])


# %% misconception="activations-too"
# Activations have a range, too; only kernels were to be quantized.
# Remedy: Return an empty list from `get_activations_and_quantizers`.


# %% wrong misconception="activations-too" variant=1 loses="outputs,still-float,keeps-model,nothing-more"
class FourBits(tfmot.quantization.keras.QuantizeConfig):
    def get_weights_and_quantizers(self, layer):
        return [
            (layer.kernel, quantizers.LastValueQuantizer(num_bits=4, per_axis=False, symmetric=True, narrow_range=True))
        ]

    def get_activations_and_quantizers(self, layer):
        return [
            (
                layer.activation,
                quantizers.MovingAverageQuantizer(num_bits=4, per_axis=False, symmetric=False, narrow_range=False),
            )
        ]

    def set_quantize_weights(self, layer, quantize_weights):
        layer.kernel = quantize_weights[0]

    def set_quantize_activations(self, layer, quantize_activations):
        layer.activation = quantize_activations[0]

    def get_output_quantizers(self, layer):
        return []

    def get_config(self):
        return {}


def annotated(layer):
    copied = layer.__class__.from_config(layer.get_config())
    if layer.name == "output":
        return copied
    return tfmot.quantization.keras.quantize_annotate_layer(copied, FourBits())


model = keras.models.clone_model(mlp_keras, clone_function=annotated)
model.set_weights(mlp_keras.get_weights())
with tfmot.quantization.keras.quantize_scope({"FourBits": FourBits}):
    four_bits = tfmot.quantization.keras.quantize_apply(model)
four_bits(digits.x_train, training=True)


# %% wrong misconception="activations-too" variant=2 loses="outputs,still-float,keeps-model,nothing-more"
tools = tfmot.quantization.keras


@keras.utils.register_keras_serializable("own")
class Narrow(tools.QuantizeConfig):
    def __init__(self, bits=4):
        self.bits = bits
        self.quantizer = quantizers.LastValueQuantizer(bits, False, True, True)

    def get_weights_and_quantizers(self, layer):
        return [(layer.kernel, self.quantizer)]

    def get_activations_and_quantizers(self, layer):
        return [(layer.activation, quantizers.MovingAverageQuantizer(4, False, False, False))]

    def set_quantize_weights(self, layer, quantize_weights):
        (layer.kernel,) = quantize_weights

    def set_quantize_activations(self, layer, quantize_activations):
        (layer.activation,) = quantize_activations

    def get_output_quantizers(self, layer):
        return []

    def get_config(self):
        return {"bits": self.bits}


layers = [keras.layers.Input((64,))]
for layer in mlp_keras.layers:
    copied = keras.layers.Dense.from_config(layer.get_config())
    layers.append(copied if layer.units == 10 else tools.quantize_annotate_layer(copied, Narrow()))
sequence = keras.Sequential(layers)
for copied, layer in zip(sequence.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
with tools.quantize_scope():
    applied = tools.quantize_apply(sequence)
applied(digits.x_train, training=True)
four_bits = applied
