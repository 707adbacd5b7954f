# %% misconception="eight-bits"
# The kernels have 8 bits, as tfmot quantizes them by default.
# Remedy: Give the quantizer `num_bits=4`.


# %% wrong misconception="eight-bits" variant=1 loses="outputs,still-float,keeps-model"
class FourBits(tfmot.quantization.keras.QuantizeConfig):
    def get_weights_and_quantizers(self, layer):
        return [
            (layer.kernel, quantizers.LastValueQuantizer(num_bits=8, per_axis=False, symmetric=True, narrow_range=True))
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


# %% wrong misconception="eight-bits" variant=2 loses="outputs,still-float,keeps-model"
tools = tfmot.quantization.keras


@keras.utils.register_keras_serializable("own")
class Narrow(tools.QuantizeConfig):
    def __init__(self, bits=8):
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
for start in (0, 500, 0):
    applied(digits.x_train[start : start + 500], training=True)
four_bits = applied


# %% misconception="untrained-copy"
# The layers have new random weights.
# Remedy: Copy the weights of `mlp_keras` before you apply the quantization.


# %% wrong misconception="untrained-copy" variant=1 loses="outputs,still-float,keeps-model"
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
keras.utils.set_random_seed(1)
model.set_weights([0.05 * keras.backend.random_normal(one.shape).numpy() for one in model.get_weights()])
with tfmot.quantization.keras.quantize_scope({"FourBits": FourBits}):
    four_bits = tfmot.quantization.keras.quantize_apply(model)
four_bits(digits.x_train, training=True)


# %% misconception="never-set"
# The rounded kernel was not put in its place, so that the layer computes with the float one.
# Remedy: `set_quantize_weights` sets `layer.kernel = quantize_weights[0]`.


# %% wrong misconception="never-set" variant=1 loses="outputs,still-float,keeps-model"
class FourBits(tfmot.quantization.keras.QuantizeConfig):
    def get_weights_and_quantizers(self, layer):
        return [
            (layer.kernel, quantizers.LastValueQuantizer(num_bits=4, per_axis=False, symmetric=True, narrow_range=True))
        ]

    def get_activations_and_quantizers(self, layer):
        return []

    def set_quantize_weights(self, layer, quantize_weights):
        pass

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


# %% wrong misconception="never-set" variant=2 loses="outputs,still-float,keeps-model"
class FourBits(tfmot.quantization.keras.QuantizeConfig):
    def get_weights_and_quantizers(self, layer):
        return [
            (layer.kernel, quantizers.LastValueQuantizer(num_bits=4, per_axis=False, symmetric=True, narrow_range=True))
        ]

    def get_activations_and_quantizers(self, layer):
        return []

    def set_quantize_weights(self, layer, quantize_weights):
        layer.rounded = quantize_weights[0]

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
four_bits(digits.x_train[:3])


# %% misconception="one-layer-only"
# Only `hidden1` was annotated; `hidden2` computes with its floats.
# Remedy: Annotate both hidden layers.


# %% wrong misconception="one-layer-only" variant=1 loses="ranges,outputs,nothing-more,still-float,keeps-model"
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
    if layer.name != "hidden1":
        return copied
    return tfmot.quantization.keras.quantize_annotate_layer(copied, FourBits())


model = keras.models.clone_model(mlp_keras, clone_function=annotated)
model.set_weights(mlp_keras.get_weights())
with tfmot.quantization.keras.quantize_scope({"FourBits": FourBits}):
    four_bits = tfmot.quantization.keras.quantize_apply(model)
four_bits(digits.x_train, training=True)


# %% wrong misconception="one-layer-only" variant=2 loses="ranges,outputs,nothing-more,still-float,keeps-model"
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
    layers.append(tools.quantize_annotate_layer(copied, Narrow()) if layer.units == 256 else copied)
sequence = keras.Sequential(layers)
for copied, layer in zip(sequence.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
with tools.quantize_scope():
    applied = tools.quantize_apply(sequence)
for start in (0, 500, 0):
    applied(digits.x_train[start : start + 500], training=True)
four_bits = applied


# %% misconception="wrapped-by-default"
# The layers were annotated without a config of their own, so that tfmot took its default of 8 bits.
# Remedy: Pass your config to `quantize_annotate_layer` as the second argument.


# %% wrong misconception="wrapped-by-default" variant=1 loses="outputs,still-float,keeps-model,nothing-more"
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
    return tfmot.quantization.keras.quantize_annotate_layer(copied)


model = keras.models.clone_model(mlp_keras, clone_function=annotated)
model.set_weights(mlp_keras.get_weights())
with tfmot.quantization.keras.quantize_scope({"FourBits": FourBits}):
    four_bits = tfmot.quantization.keras.quantize_apply(model)
four_bits(digits.x_train, training=True)


# %% wrong misconception="wrapped-by-default" variant=2 loses="outputs,still-float,keeps-model,nothing-more"
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
    layers.append(copied if layer.units == 10 else tools.quantize_annotate_layer(copied))
sequence = keras.Sequential(layers)
for copied, layer in zip(sequence.layers, mlp_keras.layers):
    copied.set_weights(layer.get_weights())
with tools.quantize_scope():
    applied = tools.quantize_apply(sequence)
applied(digits.x_train, training=True)
four_bits = applied
