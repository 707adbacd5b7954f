# %% right style="a registered class, in a new Sequential"
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
for start in (0, 500, 0):
    applied(digits.x_train[start : start + 500], training=True)
four_bits = applied


# %% right style="batches of calls, another quantizer"
class FourBits(tfmot.quantization.keras.QuantizeConfig):
    def get_weights_and_quantizers(self, layer):
        return [(layer.kernel, quantizers.AllValuesQuantizer(4, False, True, True))]

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
for row in range(0, 1000, 250):
    four_bits(digits.x_train[row : row + 250], training=True)
