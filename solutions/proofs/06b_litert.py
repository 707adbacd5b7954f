"""Proofs of lesson 06b: each question's key follows from what LiteRT files are seen to hold and to give."""

import contextlib
import io
import warnings

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from quizlib.authoring import Claim, Proof
from quizlib.zoo import load_digits
from quizlib.zoo.litert_files import DenseLayer, FileTensor, dense_file, digits_mlp_litert

REFERENCE, BUILT_IN = OpResolverType.BUILTIN_REF, OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES


def quantized(make, examples=None):
    """Return the digits' float file as a recipe quantizes it, and what `make` says of the tool on the way."""
    from litert_quantizer import quantizer

    rows = [{"input": row[None]} for row in ([] if examples is None else examples)]
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        return make(quantizer.Quantizer(digits_mlp_litert()), {"serving_default": rows})


def static(examples):
    from litert_quantizer import recipe

    def make(work, rows):
        work.load_quantization_recipe(recipe.static_wi8_ai8())
        return bytes(work.quantize(work.calibrate(rows)).quantized_model)

    return quantized(make, examples)


def run(file, given, kernels=REFERENCE, tensor=None):
    """Return the codes of the output, or of another tensor, for rows of what the file takes."""
    interpreter = Interpreter(
        model_content=file,
        num_threads=1,
        experimental_op_resolver_type=kernels,
        experimental_preserve_all_tensors=tensor is not None,
    )
    [source], [target] = interpreter.get_input_details(), interpreter.get_output_details()
    interpreter.resize_tensor_input(source["index"], list(given.shape))
    interpreter.allocate_tensors()
    interpreter.set_tensor(source["index"], given)
    interpreter.invoke()
    return interpreter.get_tensor(target["index"] if tensor is None else details_of(file)[tensor]["index"])


def details_of(file):
    return {one["name"]: one for one in Interpreter(model_content=file).get_tensor_details()}


def stored(file):
    """Return by name the type, the scales, the zero points and the codes of what a file stores."""
    interpreter = Interpreter(model_content=file, experimental_op_resolver_type=REFERENCE)
    interpreter.allocate_tensors()
    names = [one["name"] for one in interpreter.get_tensor_details()]
    return {
        name: interpreter.get_tensor(details_of(file)[name]["index"])
        for name in names
        if name.endswith(("weight", "bias"))
    }


def dynamic_seen():
    import tensorflow as tf

    from quizlib.zoo import digits_mlp_keras

    converter = tf.lite.TFLiteConverter.from_keras_model(digits_mlp_keras())
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    interpreter = Interpreter(model_content=converter.convert(), experimental_op_resolver_type=REFERENCE)
    interpreter.allocate_tensors()
    kinds = {one["index"]: np.dtype(one["dtype"]).name for one in interpreter.get_tensor_details()}
    layers = interpreter._get_ops_details()
    [source] = interpreter.get_input_details()
    return {
        "weights": sorted({kinds[one["inputs"][1]] for one in layers}),
        "biases": sorted({kinds[one["inputs"][2]] for one in layers}),
        "outputs": sorted({kinds[one["outputs"][0]] for one in layers}),
        "input": kinds[source["index"]],
    }


def cast_seen():
    """A file of one layer that hands its input on, whose output has the input's scale and zero point."""
    grid = ((1 / 255,), (-128,))
    tensors = [
        FileTensor("x", (1, 1), "int8", None, *grid),
        FileTensor("weight", (1, 1), "int8", np.int8([[127]]), (1 / 127,), (0,)),
        FileTensor("bias", (1,), "int32", np.int32([0]), (1 / 255 / 127,), (0,)),
        FileTensor("y", (1, 1), "int8", None, *grid),
    ]
    file = dense_file(tensors, [DenseLayer("x", "weight", "bias", "y")])
    code = run(file, np.float32([[0.3]]).astype(np.int8))
    return {"code": int(code[0, 0])}


def int8_seen():
    file = static(load_digits().x_train[:50])
    details, arrays = details_of(file), stored(file)
    grids = {name: one["quantization_parameters"] for name, one in details.items()}
    entering = {"hidden1": "input", "hidden2": "hidden1/output", "output": "hidden2/output"}
    products = {layer: grids[name]["scales"] * grids[f"{layer}/weight"]["scales"] for layer, name in entering.items()}
    return {
        "weight_zero_points": sorted(
            {int(one) for layer in entering for one in grids[f"{layer}/weight"]["zero_points"]}
        ),
        "bias_dtypes": sorted({arrays[f"{layer}/bias"].dtype.name for layer in entering}),
        "scales_between": [len(grids[name]["scales"]) for name in entering.values()],
        "bias_scale_over_product": [
            float(np.abs(grids[f"{layer}/bias"]["scales"] / product - 1).max()) for layer, product in products.items()
        ],
    }


def bias_seen():
    """What a bias of code 1000 comes to, at an input of zero."""
    tensors = [
        FileTensor("x", (1, 1), "int8", None, (0.02,), (-128,)),
        FileTensor("weight", (1, 1), "int8", np.int8([[50]]), (0.005,), (0,)),
        FileTensor("bias", (1,), "int32", np.int32([1000]), (0.0001,), (0,)),
        FileTensor("y", (1, 1), "int8", None, (0.002,), (0,)),
    ]
    file = dense_file(tensors, [DenseLayer("x", "weight", "bias", "y")])
    return {"of_1000": int(run(file, np.int8([[-128]]))[0, 0]) * 0.002}


def kernels_seen():
    digits = load_digits()
    file = static(digits.x_train[:100])
    grids = {name: one["quantization_parameters"] for name, one in details_of(file).items()}
    given = np.clip(np.round(digits.x_test / grids["input"]["scales"]) - 128, -128, 127).astype(np.int8)
    found = {}
    for name, kernels in (("reference", REFERENCE), ("built_in", BUILT_IN)):
        found[name] = run(file, given, kernels, "hidden1/output").astype(int)
        again = run(file, given, kernels, "hidden1/output")
        found[f"{name}_repeats"] = bool((again == found[name]).all())
    arrays = stored(file)
    sums = (given.astype(np.int64) + 128) @ arrays["hidden1/weight"].T.astype(np.int64) + arrays["hidden1/bias"]
    scale = {name: grid["scales"].astype(np.float64) for name, grid in grids.items()}
    steps = sums * (scale["input"] * scale["hidden1/weight"] / scale["hidden1/output"])
    exact = np.clip(np.floor(steps + 0.5) - 128, -128, 127)
    return {
        "differ": int((found["reference"] != found["built_in"]).sum()),
        "largest": int(np.abs(found["reference"] - found["built_in"]).max()),
        "repeat": found["reference_repeats"] and found["built_in_repeats"],
        "off_exact_sums": int((found["reference"] != exact).sum()),
        "off_near_half": float(np.abs(steps - np.floor(steps) - 0.5)[found["reference"] != found["built_in"]].max()),
        "scales_change": bool(
            (
                details_of(file)["hidden1/output"]["quantization_parameters"]["scales"]
                != grids["hidden1/output"]["scales"]
            ).any()
        ),
    }


def brightness_seen():
    digits = load_digits()
    right = {"float": [], "bright": [], "dark": []}
    for seed in range(3):
        some = digits.x_train[np.random.default_rng(seed).permutation(len(digits.x_train))[:100]]
        right["float"].append(accuracy(digits_mlp_litert(), digits))
        right["bright"].append(accuracy(static(16 * some), digits))
        right["dark"].append(accuracy(static(some / 16), digits))
    return right


def accuracy(file, digits):
    [source] = Interpreter(model_content=file).get_input_details()
    given = digits.x_test
    if source["dtype"] == np.int8:
        scale, zero_point = source["quantization"]
        given = np.clip(np.round(given / scale) + zero_point, -128, 127).astype(np.int8)
    return float((run(file, given).argmax(1) == digits.y_test).mean())


def blocks_seen():
    from litert_quantizer import recipe

    def make(work, _):
        work.load_quantization_recipe(recipe.dynamic_wi4b32_afp32())
        return bytes(work.quantize().quantized_model)

    model = schema.ModelT.InitFromPackedBuf(quantized(make), 0)
    sizes = {
        one.name.decode(): len(data)
        for one in model.subgraphs[0].tensors
        if (data := model.buffers[one.buffer].data) is not None
    }
    return {"codes": sizes["hidden2/weight"], "scales": sizes["hidden2/weight_scales"]}


def steps_seen():
    from litert_quantizer import recipe

    loads = lambda work, rows: work.load_quantization_recipe(recipe.dynamic_wi8_afp32())
    adds = lambda work, rows: work.add_static_config("hidden1/.*", "FULLY_CONNECTED", 8, 8)

    def ended(*order):
        def make(work, rows):
            statistics = None
            for step in order:
                if step == "calibrate":
                    statistics = work.calibrate(rows)
                elif step == "quantize":
                    file = bytes(work.quantize(statistics).quantized_model)
                else:
                    step(work, rows)
            return np.dtype(details_of(file)["hidden1/output"]["dtype"]).name

        try:
            return quantized(make, load_digits().x_train[:5])
        except RuntimeError as error:
            return f"RuntimeError: {error}"

    return {
        "right": ended(loads, adds, "calibrate", "quantize"),
        "added_first": ended(adds, loads, "calibrate", "quantize"),
        "calibrated_before_adding": ended(loads, "calibrate", adds, "quantize"),
        "quantized_first": ended(loads, adds, "quantize", "calibrate"),
    }


PROOFS = [
    Proof(
        item="dynamic-range-tensors",
        observe=dynamic_seen,
        claims={
            "A": Claim(
                "the weights are int8, and input, biases and outputs of layers are float32",
                lambda seen: (
                    seen["weights"] == ["int8"]
                    and (seen["input"], seen["biases"], seen["outputs"]) == ("float32", ["float32"], ["float32"])
                ),
                unless={"outputs": ["int8"]},
            ),
            "B": Claim("outputs are int8", lambda seen: "int8" in seen["outputs"], unless={"outputs": ["int8"]}),
            "C": Claim(
                "biases and input are int8",
                lambda seen: seen["biases"] == ["int8"] and seen["input"] == "int8",
                unless={"biases": ["int8"], "input": "int8"},
            ),
            "D": Claim(
                "no weight is int8", lambda seen: "int8" not in seen["weights"], unless={"weights": ["float32"]}
            ),
        },
    ),
    Proof(
        item="cast-as-it-is",
        observe=cast_seen,
        value=lambda seen: (seen["code"] + 128) / 255,
        unless={"code": -52},
    ),
    Proof(
        item="scales-of-an-int8-file",
        observe=int8_seen,
        claims={
            "A": Claim(
                "no weight has a zero point but 0",
                lambda seen: seen["weight_zero_points"] == [0],
                unless={"weight_zero_points": [0, 3]},
            ),
            "B": Claim(
                "biases are int8", lambda seen: seen["bias_dtypes"] == ["int8"], unless={"bias_dtypes": ["int8"]}
            ),
            "C": Claim(
                "there are several scales between layers",
                lambda seen: min(seen["scales_between"]) > 1,
                unless={"scales_between": [64, 256, 128]},
            ),
            "D": Claim(
                "the scale of a bias is the product, in each row",
                lambda seen: max(seen["bias_scale_over_product"]) < 1e-5,
                unless={"bias_scale_over_product": [0.0, 0.1, 0.0]},
            ),
        },
    ),
    Proof(
        item="bias-of-a-row",
        observe=bias_seen,
        value=lambda seen: 0.3 / seen["of_1000"] * 1000,
        unless={"of_1000": 5.0},
    ),
    Proof(
        item="same-file-other-codes",
        observe=kernels_seen,
        claims={
            "A": Claim(
                "another interpreter of the file has other scales",
                lambda seen: seen["scales_change"],
                unless={"scales_change": True},
            ),
            "B": Claim(
                "from exact sums the reference's codes follow, and where the others differ, by one, a half is near",
                lambda seen: (
                    seen["differ"] > 0
                    and (seen["largest"], seen["off_exact_sums"]) == (1, 0)
                    and seen["off_near_half"] < 0.01
                ),
                unless={"off_exact_sums": 41},
            ),
            "C": Claim(
                "codes do not follow from exact sums",
                lambda seen: seen["off_exact_sums"] > 0,
                unless={"off_exact_sums": 41},
            ),
            "D": Claim(
                "a set of kernels does not repeat its codes", lambda seen: not seen["repeat"], unless={"repeat": False}
            ),
        },
    ),
    Proof(
        item="too-dark-or-too-bright",
        observe=brightness_seen,
        claims={
            "A": Claim(
                "the bright file is worse in each draw",
                lambda seen: all(np.less(seen["bright"], seen["dark"])),
                unless={"bright": [0.1] * 3},
            ),
            "B": Claim(
                "they differ by a hundredth at most",
                lambda seen: bool(np.abs(np.subtract(seen["bright"], seen["dark"])).max() <= 0.01),
                unless={"dark": [0.9] * 3, "bright": [0.9] * 3},
            ),
            "C": Claim(
                "neither is a hundredth below the float file",
                lambda seen: min(seen["dark"] + seen["bright"]) > min(seen["float"]) - 0.01,
                unless={"dark": [0.97] * 3, "bright": [0.97] * 3},
            ),
            "D": Claim(
                "the dark file is worse by a tenth in each draw",
                lambda seen: all(np.less(seen["dark"], np.subtract(seen["bright"], 0.1))),
                unless={"dark": [0.97] * 3},
            ),
        },
    ),
    Proof(
        item="int4-block-bytes",
        observe=blocks_seen,
        value=lambda seen: seen["codes"] + seen["scales"],
        unless={"scales": 0},
    ),
    Proof(
        item="steps-of-litert-quantizer",
        observe=steps_seen,
        claims={
            "BD": Claim(
                "loaded before, the rule for hidden1 works; loaded after, hidden1 stays float",
                lambda seen: seen["right"] == "int8" and seen["added_first"] == "float32",
                unless={"added_first": "int8"},
            ),
            "DA": Claim(
                "calibrated before the rule is added, there are no ranges",
                lambda seen: seen["right"] == "int8" and seen["calibrated_before_adding"].startswith("RuntimeError"),
                unless={"calibrated_before_adding": "int8"},
            ),
            "AC": Claim(
                "without statistics nothing is quantized",
                lambda seen: seen["right"] == "int8" and seen["quantized_first"].startswith("RuntimeError"),
                unless={"quantized_first": "int8"},
            ),
        },
    ),
]
