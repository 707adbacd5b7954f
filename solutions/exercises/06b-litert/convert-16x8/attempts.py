# %% misconception="eight-bits"
# Activations have 8 bits: this is the int8 file of lesson 1.
# Remedy: Ask for `EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8`, and for `tf.int16` at the ends.


# %% wrong misconception="eight-bits" variant=1 loses="input-output,examples"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([row[None]] for row in digits.x_train[:50])
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = converter.inference_output_type = tf.int8
mixed_file = converter.convert()


# %% wrong misconception="eight-bits" variant=2 loses="input-output,examples"
def examples():
    for row in digits.x_train[:100]:
        yield [row.reshape(1, 64)]


call = tf.function(lambda x: mlp_keras(x)).get_concrete_function(tf.TensorSpec([1, 64], tf.float32))
converter = tf.lite.TFLiteConverter.from_concrete_functions([call], mlp_keras)
converter.optimizations = {tf.lite.Optimize.DEFAULT}
converter.representative_dataset = tf.lite.RepresentativeDataset(examples)
converter.target_spec = tf.lite.TargetSpec(supported_ops=[tf.lite.OpsSet.TFLITE_BUILTINS_INT8])
converter.inference_input_type = tf.int8
converter.inference_output_type = tf.int8
mixed_file = converter.convert()


# %% decoy misconception="eight-bits" loses="input-output,examples"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([row[None]] for row in digits.x_train[:50])
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = converter.inference_output_type = tf.uint8
mixed_file = converter.convert()


# %% misconception="float-ends"
# Input and output are float32, and are converted at each call.
# Remedy: Set `inference_input_type` and `inference_output_type` to `tf.int16`.


# %% wrong misconception="float-ends" variant=1 loses="input-output"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([row[None]] for row in digits.x_train[:50])
converter.target_spec.supported_ops = [tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]
mixed_file = converter.convert()


# %% wrong misconception="float-ends" variant=2 loses="input-output"
def examples():
    for row in digits.x_train[:100]:
        yield [row.reshape(1, 64)]


call = tf.function(lambda x: mlp_keras(x)).get_concrete_function(tf.TensorSpec([1, 64], tf.float32))
converter = tf.lite.TFLiteConverter.from_concrete_functions([call], mlp_keras)
converter.optimizations = {tf.lite.Optimize.DEFAULT}
converter.representative_dataset = tf.lite.RepresentativeDataset(examples)
wide = tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
converter.target_spec = tf.lite.TargetSpec(supported_ops=[wide])
mixed_file = converter.convert()


# %% decoy misconception="float-ends" loses="input-output,examples"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([row[None]] for row in digits.x_train[:50])
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
mixed_file = converter.convert()


# %% misconception="weights-only"
# Only the weights are integers; between the layers the numbers are still floats.
# Remedy: Give a `representative_dataset`, and set `target_spec.supported_ops`.


# %% wrong misconception="weights-only" variant=1 loses="activations,input-output,examples"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
mixed_file = converter.convert()


# %% wrong misconception="weights-only" variant=2 loses="activations,input-output,examples"
call = tf.function(lambda x: mlp_keras(x)).get_concrete_function(tf.TensorSpec([1, 64], tf.float32))
converter = tf.lite.TFLiteConverter.from_concrete_functions([call], mlp_keras)
converter.optimizations = {tf.lite.Optimize.DEFAULT}
mixed_file = converter.convert()


# %% decoy misconception="weights-only" loses="input-output"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([row[None]] for row in digits.x_train[:50])
converter.target_spec.supported_ops = [tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]
mixed_file = converter.convert()


# %% misconception="range-too-wide"
# The examples have a wider range than the pixels from 0 to 1 that the model is fed.
# Remedy: Take rows of `digits.x_train` as they are.


# %% wrong misconception="range-too-wide" variant=1 loses="examples"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([16 * row[None]] for row in digits.x_train[:50])
converter.target_spec.supported_ops = [tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]
converter.inference_input_type = converter.inference_output_type = tf.int16
mixed_file = converter.convert()


# %% wrong misconception="range-too-wide" variant=2 loses="examples"
def examples():
    for row in 255 * digits.x_train[:60]:
        yield [row.reshape(1, 64)]


call = tf.function(lambda x: mlp_keras(x)).get_concrete_function(tf.TensorSpec([1, 64], tf.float32))
converter = tf.lite.TFLiteConverter.from_concrete_functions([call], mlp_keras)
converter.optimizations = {tf.lite.Optimize.DEFAULT}
converter.representative_dataset = tf.lite.RepresentativeDataset(examples)
wide = tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
converter.target_spec = tf.lite.TargetSpec(supported_ops=[wide])
converter.inference_input_type = tf.int16
converter.inference_output_type = tf.int16
mixed_file = converter.convert()


# %% decoy misconception="range-too-wide" loses="examples,accuracy"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([row[None] / 64] for row in digits.x_train[:50])
converter.target_spec.supported_ops = [tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]
converter.inference_input_type = converter.inference_output_type = tf.int16
mixed_file = converter.convert()


# %% misconception="half-precision"
# The weights are float16, and no integer codes.
# Remedy: Leave `supported_types` alone; 16×8 is asked for by `supported_ops`.


# %% wrong misconception="half-precision" variant=1 loses="weights,activations,input-output,examples,accuracy"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.target_spec.supported_types = [tf.float16]
mixed_file = converter.convert()


# %% wrong misconception="half-precision" variant=2 loses="weights,activations,input-output,examples,accuracy"
call = tf.function(lambda x: mlp_keras(x)).get_concrete_function(tf.TensorSpec([1, 64], tf.float32))
converter = tf.lite.TFLiteConverter.from_concrete_functions([call], mlp_keras)
converter.optimizations = {tf.lite.Optimize.DEFAULT}
converter.target_spec = tf.lite.TargetSpec(supported_types=[tf.float16])
mixed_file = converter.convert()


# %% decoy misconception="half-precision" loses="weights,activations,input-output,examples,accuracy"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.target_spec.supported_types = [tf.float16]  # no `optimizations`
mixed_file = converter.convert()


# %% right style="a generator function"
def examples():
    for row in digits.x_train[:100]:
        yield [row.reshape(1, 64)]


call = tf.function(lambda x: mlp_keras(x)).get_concrete_function(tf.TensorSpec([1, 64], tf.float32))
converter = tf.lite.TFLiteConverter.from_concrete_functions([call], mlp_keras)
converter.optimizations = {tf.lite.Optimize.DEFAULT}
converter.representative_dataset = tf.lite.RepresentativeDataset(examples)
wide = tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
converter.target_spec = tf.lite.TargetSpec(supported_ops=[wide])
converter.inference_input_type = tf.int16
converter.inference_output_type = tf.int16
mixed_file = converter.convert()


# %% right style="other examples"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = {tf.lite.Optimize.DEFAULT}
converter.representative_dataset = lambda: ([digits.x_train[place][None, :]] for place in range(0, 300, 3))
converter.target_spec.supported_ops = [tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]
converter.inference_input_type = converter.inference_output_type = tf.int16
mixed_file = converter.convert()
