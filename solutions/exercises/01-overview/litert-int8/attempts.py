# %% misconception="weights-only"
# Only the weights are int8: without examples the converter cannot know the range of an activation.
# Remedy: Set `representative_dataset` and ask for `TFLITE_BUILTINS_INT8`.


# %% wrong misconception="weights-only" variant=1 loses="activations,input-output,examples"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
int8_file = converter.convert()


# %% wrong misconception="weights-only" variant=2 loses="activations,input-output,examples"
call = tf.function(lambda x: mlp_keras(x)).get_concrete_function(tf.TensorSpec([1, 64], tf.float32))
converter = tf.lite.TFLiteConverter.from_concrete_functions([call], mlp_keras)
converter.optimizations = {tf.lite.Optimize.DEFAULT}
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
int8_file = converter.convert()


# %% decoy misconception="weights-only" loses="examples,accuracy"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([0 * row[None]] for row in digits.x_train[:100])  # ranges of blank images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = converter.inference_output_type = tf.int8
int8_file = converter.convert()


# %% misconception="float-ends"
# The model computes in integers but is fed and read in float32, so that it still needs float arithmetic.
# Remedy: Set `inference_input_type` and `inference_output_type` to `tf.int8`.


# %% wrong misconception="float-ends" variant=1 loses="input-output"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([row[None]] for row in digits.x_train[:100])
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
int8_file = converter.convert()


# %% wrong misconception="float-ends" variant=2 loses="input-output"
def examples():
    for start in range(100):
        yield [digits.x_train[start : start + 1]]


converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = {tf.lite.Optimize.DEFAULT}
converter.representative_dataset = examples
int8_file = converter.convert()


# %% decoy misconception="float-ends" loses="input-output"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([row[None]] for row in digits.x_train[:100])
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = converter.inference_output_type = tf.uint8
int8_file = converter.convert()


# %% misconception="raw-pixels"
# The examples have a wider range than the pixels from 0 to 1 that the model is fed; most codes lie idle.
# Remedy: Take rows of `digits.x_train` as they are, from 0 to 1.


# %% wrong misconception="raw-pixels" variant=1 loses="examples"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([16 * row[None]] for row in digits.x_train[:100])
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = converter.inference_output_type = tf.int8
int8_file = converter.convert()


# %% wrong misconception="raw-pixels" variant=2 loses="examples,accuracy"
def examples():
    for row in digits.x_train[:100]:
        yield [(255 * row).reshape(1, 64)]


converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = examples
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.int8
converter.inference_output_type = tf.int8
int8_file = converter.convert()


# %% decoy misconception="raw-pixels" loses="examples,accuracy"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([row[None] / 16] for row in digits.x_train[:100])
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = converter.inference_output_type = tf.int8
int8_file = converter.convert()


# %% misconception="not-optimized"
# The weights are still floats: without `optimizations` nothing is quantized.
# Remedy: Set `converter.optimizations = [tf.lite.Optimize.DEFAULT]`.


# %% wrong misconception="not-optimized" variant=1 loses="weights,activations,input-output,examples,accuracy"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.representative_dataset = lambda: ([row[None]] for row in digits.x_train[:100])
int8_file = converter.convert()


# %% wrong misconception="not-optimized" variant=2 loses="weights,activations,input-output,examples,accuracy"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
converter.inference_input_type = tf.float32
int8_file = converter.convert()


# %% decoy misconception="not-optimized" loses="input-output,examples"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([row[None]] for row in digits.x_train[:100])
converter.target_spec.supported_ops = [tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]
int8_file = converter.convert()


# %% decoy misconception="not-optimized" loses="weights,activations,input-output,examples,accuracy"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.target_spec.supported_types = [tf.float16]
int8_file = converter.convert()


# %% misconception="half-precision"
# The weights are float16: 16 bits wide, and no integer codes.
# Remedy: Leave `target_spec.supported_types` alone; ask for `TFLITE_BUILTINS_INT8` as `supported_ops`.


# %% wrong misconception="half-precision" variant=1 loses="weights,activations,input-output,examples,accuracy"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.target_spec.supported_types = [tf.float16]
int8_file = converter.convert()


# %% wrong misconception="half-precision" variant=2 loses="weights,activations,input-output,examples,accuracy"
call = tf.function(lambda x: mlp_keras(x)).get_concrete_function(tf.TensorSpec([1, 64], tf.float32))
converter = tf.lite.TFLiteConverter.from_concrete_functions([call], mlp_keras)
converter.optimizations = {tf.lite.Optimize.DEFAULT}
converter.target_spec = tf.lite.TargetSpec(supported_types=[tf.float16])
int8_file = converter.convert()


# %% decoy misconception="half-precision" loses="weights,activations,input-output,examples,accuracy"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.target_spec.supported_types = [tf.float16]  # which says nothing while `optimizations` are empty
int8_file = converter.convert()


# %% misconception="one-float-end"
# Only one end of the model is int8: it is fed integers and read in float32, or the reverse.
# Remedy: Set both `inference_input_type` and `inference_output_type` to `tf.int8`.


# %% wrong misconception="one-float-end" variant=1 loses="input-output"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([row[None]] for row in digits.x_train[:100])
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.int8
int8_file = converter.convert()


# %% wrong misconception="one-float-end" variant=2 loses="input-output"
def examples():
    for row in digits.x_train[:100]:
        yield [row.reshape(1, 64)]


converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = {tf.lite.Optimize.DEFAULT}
converter.representative_dataset = examples
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_output_type = tf.int8
int8_file = converter.convert()


# %% decoy misconception="one-float-end" loses="input-output"
converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([row[None]] for row in digits.x_train[:100])
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.int8
converter.inference_output_type = tf.uint8  # integers at both ends, of two kinds
int8_file = converter.convert()


# %% right style="a generator function, other examples"
def examples():
    for start in range(0, 200, 2):
        yield [digits.x_train[start][None, :]]


converter = tf.lite.TFLiteConverter.from_keras_model(mlp_keras)
converter.optimizations = {tf.lite.Optimize.DEFAULT}
converter.representative_dataset = tf.lite.RepresentativeDataset(examples)
converter.target_spec = tf.lite.TargetSpec(supported_ops=[tf.lite.OpsSet.TFLITE_BUILTINS_INT8])
converter.inference_input_type = tf.int8
converter.inference_output_type = tf.int8
int8_file = converter.convert()


# %% right style="through a concrete function"
call = tf.function(lambda x: mlp_keras(x)).get_concrete_function(tf.TensorSpec([None, 64], tf.float32))
rows = tf.data.Dataset.from_tensor_slices(digits.x_train[:100]).batch(1)
converter = tf.lite.TFLiteConverter.from_concrete_functions([call], mlp_keras)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([row] for row in rows)
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = converter.inference_output_type = tf.int8
int8_file = converter.convert()
