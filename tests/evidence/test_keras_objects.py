import pytest

from quizlib import zoo
from quizlib.evidence.encode import encode
from quizlib.evidence.values import Name, Unreadable


@pytest.fixture(scope="module")
def tf():
    import warnings

    from quizlib.zoo.quiet import quiet

    with warnings.catch_warnings():
        quiet()
        import tensorflow

        return tensorflow


@pytest.fixture(scope="module")
def tfmot(tf):
    import warnings

    from quizlib.zoo.quiet import quiet

    with warnings.catch_warnings():
        quiet()
        import tensorflow_model_optimization

        return tensorflow_model_optimization


def layers_of(model):
    return {layer.name: layer for layer in encode(model).layers}


def test_plain_model_is_read_by_layer(tf):
    model = zoo.build("digits_mlp_keras")
    layers = layers_of(model)

    assert list(layers) == ["hidden1", "hidden2", "output"]
    assert (layers["hidden1"].wraps, layers["hidden1"].settings["units"]) == ("", 256)
    assert layers["hidden1"].weights["kernel"].values.tolist() == model.get_layer("hidden1").kernel.numpy().tolist()


def test_layer_wrapped_for_pruning_tells_what_it_wraps_and_its_mask(tfmot):
    model = tfmot.sparsity.keras.prune_low_magnitude(zoo.build("digits_mlp_keras"))
    layer = layers_of(model)["prune_low_magnitude_hidden1"]

    assert layer.class_name.endswith("PruneLowMagnitude")
    assert layer.wraps.endswith("Dense")
    assert set(layer.weights) == {"kernel", "bias", "mask", "threshold", "pruning_step"}
    assert layer.settings["units"] == 256


def test_stripped_model_is_a_plain_one_again(tfmot):
    wrapped = tfmot.sparsity.keras.prune_low_magnitude(zoo.build("digits_mlp_keras"))
    layers = layers_of(tfmot.sparsity.keras.strip_pruning(wrapped))

    assert list(layers) == ["hidden1", "hidden2", "output"]
    assert all(set(layer.weights) == {"kernel", "bias"} for layer in layers.values())


def test_quantization_aware_model_tells_its_ranges(tfmot):
    layers = layers_of(tfmot.quantization.keras.quantize_model(zoo.build("digits_mlp_keras")))

    assert layers["quant_hidden1"].wraps.endswith("Dense")
    assert {"kernel", "kernel_min", "kernel_max"} <= set(layers["quant_hidden1"].weights)


def test_weights_of_nested_and_attention_layers_keep_distinct_names(tf):
    import tf_keras

    inputs = tf_keras.Input((2, 4))
    outputs = tf_keras.layers.MultiHeadAttention(1, 2, name="attention")(inputs, inputs)
    inner = tf_keras.Model(inputs, outputs, name="inner")
    layers = layers_of(tf_keras.Sequential([inner]))

    assert layers["inner"].weights == {}
    assert len(layers["inner/attention"].weights) == len(inner.get_layer("attention").weights)


def test_tensors_variables_and_dtypes_are_read(tf):
    assert encode(tf.constant([1, 2], tf.int8)).dtype == "int8"
    assert encode(tf.Variable([1.5])).values.tolist() == [1.5]
    assert encode(tf.constant([1.5], tf.bfloat16)).dtype == "bfloat16"
    assert encode(tf.constant([1.5], tf.bfloat16)).values.dtype.name == "float32"
    assert encode(tf.int8) == Name("tensorflow.int8")


def test_symbolic_tensor_is_unreadable(tf):
    import tf_keras

    assert isinstance(encode(tf_keras.Input((2,))), Unreadable)


def test_text_tensor_is_unreadable(tf):
    assert isinstance(encode(tf.constant(["a"])), Unreadable)
