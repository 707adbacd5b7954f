"""Proofs of lesson 01: each question's key follows from what PyTorch, torchao and TensorFlow are seen to do."""

import copy
import io
import subprocess
import sys
import tempfile
import warnings
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import torch
import torch.nn.utils.prune as prune
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from quizlib.authoring import Claim, Proof
from quizlib.authoring.questions import read_questions
from quizlib.measures import file_size_bytes, max_abs_error
from quizlib.zoo import digits_mlp, digits_mlp_keras, eager, load_digits, randomized
from quizlib.zoo.quiet import quiet

quiet()
QUESTIONS = read_questions(Path(__file__).parents[1] / "questions" / "01_overview.yaml")
LAYERS = ("hidden1", "hidden2", "output")


# --- What the proofs share -------------------------------------------------------------------------------------------


def linears(model):
    return [getattr(model, name) for name in LAYERS]


def quantized(model, types=frozenset({nn.Linear}), dtype=torch.qint8):
    quiet()
    return eager.quantize_dynamic(model, set(types), dtype=dtype)


def masked(model, sparsity):
    for layer in linears(model):
        prune.l1_unstructured(layer, "weight", amount=sparsity)
    return model


def unmasked(model):
    for layer in linears(model):
        prune.remove(layer, "weight")
    return model


def flops(model):
    """Floating-point operations of one row: torch counts a product and an addition for each multiply-accumulate."""
    with FlopCounterMode(display=False) as counter:
        model(torch.zeros(1, 64))
    return counter.get_total_flops()


def zero_share(weights):
    return round(float((np.asarray(weights) == 0).mean()), 4)


def ending(code):
    """Return the last line that a program prints, or the last line of its traceback."""
    quiet()
    printed = io.StringIO()
    try:
        with redirect_stdout(printed):
            exec(code, {})
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return printed.getvalue().strip().splitlines()[-1]


def outcome(call):
    """Return what a call gives, or its error in words."""
    try:
        return call()
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"


def keras_pruning():
    quiet()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TensorFlow's own, on import; not what is proved here
        import tensorflow_model_optimization as tfmot
    return tfmot.sparsity.keras


def train_keras(wrapped, rows, epochs):
    import tf_keras as keras

    keras.utils.set_random_seed(0)
    digits, pruning = load_digits(), keras_pruning()
    wrapped.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    wrapped.fit(
        digits.x_train[:rows],
        digits.y_train[:rows],
        batch_size=64,
        epochs=epochs,
        verbose=0,
        callbacks=[pruning.UpdatePruningStep()],
    )
    return wrapped


# --- Counting --------------------------------------------------------------------------------------------------------


def macs_seen():
    wide = nn.Sequential(nn.Linear(64, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10))
    return {"flops": flops(digits_mlp()), "flops_wide": flops(wide)}


def kept(weights, threshold, request=None):
    """Run the code of the question as it stands, within a request that has an input, and return what it leaves."""
    names = {"weights": weights, "threshold": threshold, "quantize": float, "input": request}
    exec(QUESTIONS["read-the-seed-code"].code, names)
    return names["quantized_weights"]


class Tested(float):
    """A weight that counts how often its magnitude is asked for."""

    count = 0

    def __abs__(self):
        Tested.count += 1
        return abs(float(self))


def tests_by_threshold(weights, thresholds):
    counts = []
    for threshold in thresholds:
        Tested.count = 0
        left = kept([Tested(weight) for weight in weights], threshold)
        counts.append([len(left), Tested.count])
    return counts


def seed_code_seen():
    weights = digits_mlp().hidden1.weight[0].detach()
    x = torch.tensor(load_digits().x_val)
    errors = [
        float((x @ torch.where(weights.abs() > t, weights, 0.0) - x @ weights).abs().mean()) for t in (0.02, 0.05, 0.1)
    ]
    return {
        "left_of_5_0_1": kept([5.0, 0.0, 1.0], 0.5),
        "left_of_0_5_1": kept([0.0, 5.0, 1.0], 0.5),
        "kept_and_tests": tests_by_threshold(weights.tolist(), (0.0, 0.05, 0.1, 9.0)),
        "left_by_three_requests": [kept(weights.tolist(), 0.1, request) for request in x[:3]],
        "errors_as_threshold_rises": errors,
    }


def half_zero_seen():
    model = digits_mlp()
    pruned = unmasked(masked(copy.deepcopy(model), 0.5))
    layer = pruned.hidden1
    column = int(((layer.weight == 0).sum(0) - 128).abs().argmin())  # about half of its 256 weights are zero
    x = torch.zeros(1, 64)
    x[0, column] = float("inf")
    return {
        "flops_before": flops(model),
        "flops_after": flops(pruned),
        "zero_share": zero_share(layer.weight.detach()),
        "zeros_on_inf": int((layer.weight[:, column] == 0).sum()),
        "nans": int(layer(x).isnan().sum()),  # 0 × inf is nan: the zeros were multiplied
        "hooks": sum(len(linear._forward_pre_hooks) for linear in linears(pruned)),
        "flops_by_width": [flops(nn.Linear(64, width, bias=False)) for width in (100, 200, 400)],
    }


# --- Quantization in PyTorch -----------------------------------------------------------------------------------------


def why_quantize_seen():
    model = digits_mlp()
    small = quantized(model)
    codes = [layer.weight() for layer in linears(small)]
    return {
        "weights_before": sum(layer.weight.numel() for layer in linears(model)),
        "weights_after": sum(code.numel() for code in codes),
        "bytes_of_one": [model.hidden1.weight.element_size(), codes[0].element_size()],
        "dtypes": sorted({str(code.int_repr().dtype) for code in codes}),
        "largest_change": max(
            max_abs_error(layer.weight.detach().numpy(), code.dequantize().numpy())
            for layer, code in zip(linears(model), codes, strict=True)
        ),
        "largest_scale": max(code.q_scale() for code in codes),
        "shapes_before": [list(layer.weight.shape) for layer in linears(model)],
        "shapes_after": [list(code.shape) for code in codes],
    }


def bare_linear_seen():
    return {"ending": ending(QUESTIONS["quantize-dynamic-bare-linear"].code)}


def in_sequential_seen():
    return {"ending": ending(QUESTIONS["quantize-dynamic-in-sequential"].code)}


class Code(int):
    """An int8 code that counts its multiplications."""

    count = 0

    def __mul__(self, other):
        Code.count += 1
        return int(self) * int(other)


def multiplications(inputs, outputs):
    """Multiply the int8 codes of a quantized layer with a vector, and count."""
    codes = quantized(nn.Sequential(nn.Linear(inputs, outputs)))[0].weight().int_repr().tolist()
    Code.count = 0
    for row in codes:
        sum(Code(code) * x for code, x in zip(row, range(inputs), strict=True))
    return Code.count


def constant_time_seen():
    return {"n": [100, 200, 400], "multiplications": [multiplications(10, outputs) for outputs in (10, 20, 40)]}


def int8_bytes_seen():
    from torchao.quantization import Int8WeightOnlyConfig, quantize_

    model = digits_mlp()
    quantize_(model, Int8WeightOnlyConfig())
    return {
        "codes": sum(layer.weight.qdata.nbytes for layer in linears(model)),
        "scales": sum(layer.weight.scale.nbytes for layer in linears(model)),
        "biases": sum(layer.bias.nbytes for layer in linears(model)),
    }


def file_sizes_seen():
    from torchao.quantization import Int8WeightOnlyConfig, quantize_

    model, weight_only = digits_mlp(), digits_mlp()
    quantize_(weight_only, Int8WeightOnlyConfig())
    return {
        "original": file_size_bytes(model),
        "float16_dynamic": file_size_bytes(quantized(model, dtype=torch.float16)),
        "int8_dynamic": file_size_bytes(quantized(model)),
        "half_pruned": file_size_bytes(unmasked(masked(digits_mlp(), 0.5))),
        "int8_weight_only": file_size_bytes(weight_only),
    }


# --- Pruning in Keras ------------------------------------------------------------------------------------------------


def schedules_of(call):
    """Return the [target sparsity, frequency] of each wrapped layer, or the error of the call in words."""
    wrapped = outcome(call)
    if isinstance(wrapped, str):
        return wrapped
    schedules = [layer.pruning_schedule for layer in wrapped.layers]
    return [[schedule.get_config()["config"]["target_sparsity"], schedule.frequency] for schedule in schedules]


def prune_call_seen():
    pruning, model = keras_pruning(), digits_mlp_keras()
    import tensorflow as tf
    import tensorflow_model_optimization as tfmot

    schedule = pruning.ConstantSparsity(0.8, begin_step=0, frequency=1)
    return {
        "full_path": schedules_of(lambda: tfmot.sparsity.keras.prune_low_magnitude(model, pruning_schedule=schedule)),
        "without_keras": schedules_of(lambda: tfmot.sparsity.prune_low_magnitude(model, pruning_schedule=schedule)),
        "wrong_keyword": schedules_of(lambda: tfmot.sparsity.keras.prune_low_magnitude(model, schedule=schedule)),
        "from_tf": schedules_of(lambda: tf.keras.prune_low_magnitude(model, pruning_schedule=schedule)),
    }


def default_frequency_seen():
    pruning = keras_pruning()
    schedule = pruning.ConstantSparsity(0.75, begin_step=0)
    wrapped = train_keras(pruning.prune_low_magnitude(digits_mlp_keras(), pruning_schedule=schedule), 1077, 2)
    step = wrapped.layers[0].pruning_step.numpy()
    sparsity = [zero_share(layer.kernel.numpy()) for layer in pruning.strip_pruning(wrapped).layers]
    return {"steps": int(step), "frequency": schedule.frequency, "sparsity": sparsity}


def wrapped_twin_seen():
    pruning, model = keras_pruning(), digits_mlp_keras()
    before = [layer.kernel.numpy().copy() for layer in model.layers]
    schedule = pruning.ConstantSparsity(0.75, begin_step=0, frequency=1)
    pruned = train_keras(pruning.prune_low_magnitude(model, pruning_schedule=schedule), 1077, 1)
    call = outcome(lambda: model(load_digits().x_val[:1]).shape[-1])
    return {
        "same_layer": pruned.layers[0].layer is model.layers[0],
        "changed": any(bool((layer.kernel.numpy() != b).any()) for layer, b in zip(model.layers, before, strict=True)),
        "sparsity": [zero_share(layer.kernel.numpy()) for layer in model.layers],
        "call": call,
    }


def strip_seen():
    pruning, model = keras_pruning(), digits_mlp_keras()
    schedule = pruning.ConstantSparsity(0.75, begin_step=0, frequency=1)
    wrapped = train_keras(pruning.prune_low_magnitude(model, pruning_schedule=schedule), 128, 1)
    names = sorted(variable.name.split("/")[-1] for variable in wrapped.layers[0].variables)
    stripped = pruning.strip_pruning(wrapped)
    return {
        "shapes": [list(layer.kernel.shape) for layer in stripped.layers],
        "shapes_before": [list(layer.kernel.shape) for layer in digits_mlp_keras().layers],
        "sparsity": [zero_share(layer.kernel.numpy()) for layer in stripped.layers],
        "wrapped_variables": names,
        "variables": sorted(variable.name.split("/")[-1] for variable in stripped.layers[0].variables),
        "types": sorted({type(layer).__name__ for layer in stripped.layers}),
        "file": saved_bytes(stripped),
        "dense_file": saved_bytes(digits_mlp_keras()),
    }


def saved_bytes(model):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.weights.h5"
        model.save_weights(path)
        return path.stat().st_size


# --- Errors ----------------------------------------------------------------------------------------------------------

PACKAGE = "tensorflow_model_optimization"
NO_ATTRIBUTE = f"AttributeError: module '{PACKAGE}' has no attribute 'sparsity'"


def last_line(code, files):
    """Return the last line that `code` prints or fails with, in a Python without packages, beside these files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        command = [sys.executable, "-E", "-S", "-c", code]  # -E -S: as if nothing were installed
        run = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    return ((run.stdout + run.stderr).strip().splitlines() or [""])[-1]


def no_attribute_seen():
    code = QUESTIONS["tfmot-no-attribute-sparsity"].code
    whole = {f"{PACKAGE}/__init__.py": "from . import sparsity", f"{PACKAGE}/sparsity.py": ""}
    pruning = keras_pruning()
    misspelt = outcome(lambda: pruning.prune_low_magnitude(digits_mlp_keras(), prunning_schedule=1))
    return {
        "not_installed": last_line(code, {}),
        "file_of_the_name": last_line(code, {f"{PACKAGE}.py": ""}),
        "folder_of_the_name": last_line(code, {f"{PACKAGE}/notes.txt": ""}),
        "broken_install": last_line(code, {f"{PACKAGE}/__init__.py": ""}),
        "alias": last_line(f"{code}\nimport {PACKAGE}\nprint(tfmot is {PACKAGE})", whole),
        "misspelt": misspelt if isinstance(misspelt, str) else f"returns a {type(misspelt).__name__}",
    }


# --- Both ------------------------------------------------------------------------------------------------------------


def fine_tuned(model, seed):
    digits = load_digits()
    x, y = torch.tensor(digits.x_train), torch.tensor(digits.y_train)
    order = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(5):
        for rows in torch.randperm(len(x), generator=order).split(32):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
            optimizer.step()
    return model


@torch.no_grad()
def accuracy_of(model):
    digits = load_digits()
    return round(float((model(torch.tensor(digits.x_test)).argmax(1).numpy() == digits.y_test).mean()), 4)


def int8_zeros(model):
    return zero_share(np.concatenate([layer.weight().int_repr().numpy().ravel() for layer in linears(model)]))


def orders_seen(seeds=(0, 1, 2)):
    """Run the right order and its neighbours' swaps, on three sets of starting weights."""
    starts = [randomized("digits_mlp", seed) for seed in seeds]
    right, late, bare = [], [], []
    for seed, start in zip(seeds, starts, strict=True):
        right.append(quantized(unmasked(fine_tuned(masked(copy.deepcopy(start), 0.9), seed))))
        late.append(quantized(unmasked(masked(fine_tuned(copy.deepcopy(start), seed), 0.9))))
        bare.append(quantized(fine_tuned(unmasked(masked(copy.deepcopy(start), 0.9)), seed)))
    int8 = quantized(starts[0])
    return {
        "accuracy_before": [accuracy_of(start) for start in starts],
        "accuracy": [accuracy_of(model) for model in right],
        "zeros": [int8_zeros(model) for model in right],
        "accuracy_fine_tuned_first": [accuracy_of(model) for model in late],
        "zeros_removed_first": [int8_zeros(model) for model in bare],
        "remove_after_quantize": outcome(lambda: type(prune.remove(int8.hidden1, "weight")).__name__),
        "prune_after_quantize": outcome(lambda: type(prune.l1_unstructured(int8.hidden1, "weight", 0.9)).__name__),
        "train_after_quantize": outcome(lambda: type(torch.optim.Adam(int8.parameters())).__name__),
    }


def keeps_accuracy(seen, accuracy):
    return all(after >= before - 0.05 for before, after in zip(seen["accuracy_before"], seen[accuracy], strict=True))


def is_error(text):
    return "Error: " in str(text)


# --- The claims ------------------------------------------------------------------------------------------------------


def ends_with(item, letter):
    """The claim that the program of `item` ends with the text of an option."""
    text = QUESTIONS[item].options["ABCDEFGH".index(letter)].text.strip("`")
    return text, lambda seen: seen["ending"] == text


def bare_claim(letter):
    text, holds = ends_with("quantize-dynamic-bare-linear", letter)
    other = "TypeError: something else" if letter == "C" else text
    return Claim(f"the program ends with {text}", holds, unless={"ending": other})


def has_sparsity(value, unless):
    return Claim(
        f"each kernel has sparsity {value}",
        lambda seen: all(abs(found - value) < 0.005 for found in seen["sparsity"]),
        unless={"sparsity": unless},
    )


def wraps_by(observation, unless):
    return Claim(
        f"the call {observation} prunes by 0.8 at every step",
        lambda seen: seen[observation] == [[0.8, 1]] * 3,
        unless={observation: unless},
    )


def gives_the_error(observation, unless):
    return Claim(
        f"{observation} gives exactly this AttributeError",
        lambda seen: seen[observation] == NO_ATTRIBUTE,
        unless={observation: unless},
    )


def is_half(observation, unless):
    return Claim(
        f"the file {observation} is at most half the original",
        lambda seen: seen[observation] * 2 <= seen["original"],
        unless={observation: unless},
    )


BY_SCHEDULE = [[0.8, 1]] * 3

PROOFS = [
    Proof(
        item="mlp-macs", observe=macs_seen, value=lambda seen: float(seen["flops"] // 2), unless={"flops": 2 * 50826}
    ),
    Proof(
        item="twice-as-wide",
        observe=macs_seen,
        value=lambda seen: seen["flops_wide"] / seen["flops"],
        unless={"flops_wide": 2 * 100864},
    ),
    Proof(
        item="read-the-seed-code",
        observe=seed_code_seen,
        claims={
            "A": Claim(
                "two weight vectors leave the same list",
                lambda seen: seen["left_of_5_0_1"] == seen["left_of_0_5_1"],
                unless={"left_of_0_5_1": [0.0, 5.0, 1.0]},
            ),
            "B": Claim(
                "the tests fall as the threshold drops more weights",
                lambda seen: seen["kept_and_tests"][-1][1] < seen["kept_and_tests"][0][1],
                unless={"kept_and_tests": [[64, 64], [37, 37], [23, 23], [0, 0]]},
            ),
            "C": Claim(
                "three requests with different inputs make the same list",
                lambda seen: len({tuple(left) for left in seen["left_by_three_requests"]}) == 1,
                unless={"left_by_three_requests": [[1.0], [1.0], [2.0]]},
            ),
            "D": Claim(
                "the output's error falls as the threshold rises",
                lambda seen: seen["errors_as_threshold_rises"][0] > seen["errors_as_threshold_rises"][-1],
                unless={"errors_as_threshold_rises": [0.3, 0.2, 0.1]},
            ),
        },
    ),
    Proof(
        item="half-the-weights-zero",
        observe=half_zero_seen,
        claims={
            "A": Claim(
                "zeros are skipped, and the count falls",
                lambda seen: seen["nans"] == 0 and seen["flops_after"] < seen["flops_before"],
                unless={"nans": 0, "flops_after": 50432},
            ),
            "B": Claim(
                "the count grows more slowly than the weights",
                lambda seen: seen["flops_by_width"][2] < 4 * seen["flops_by_width"][0],
                unless={"flops_by_width": [12800, 14800, 16800]},
            ),
            "C": Claim(
                "a hook still multiplies by the mask, or the count grew",
                lambda seen: seen["hooks"] > 0 or seen["flops_after"] > seen["flops_before"],
                unless={"hooks": 3},
            ),
            "D": Claim(
                "half are zero, each is multiplied, and the count is the old one",
                lambda seen: (
                    abs(seen["zero_share"] - 0.5) < 0.01
                    and seen["nans"] == seen["zeros_on_inf"] > 0
                    and seen["flops_after"] == seen["flops_before"]
                    and seen["hooks"] == 0
                ),
                unless={"nans": 0},
            ),
        },
    ),
    Proof(
        item="why-quantize",
        observe=why_quantize_seen,
        claims={
            "A": Claim(
                "fewer weights are left",
                lambda seen: seen["weights_after"] < seen["weights_before"],
                unless={"weights_after": 40000},
            ),
            "B": Claim(
                "as many weights, one byte each in place of four, as int8 codes with a scale",
                lambda seen: (
                    seen["weights_after"] == seen["weights_before"]
                    and seen["bytes_of_one"] == [4, 1]
                    and seen["dtypes"] == ["torch.int8"]
                    and seen["largest_scale"] > 0
                ),
                unless={"bytes_of_one": [4, 2]},
            ),
            "C": Claim(
                "the exact weights come back",
                lambda seen: seen["largest_change"] == 0,
                unless={"largest_change": 0.0},
            ),
            "D": Claim(
                "layers are fewer or smaller",
                lambda seen: seen["shapes_after"] != seen["shapes_before"],
                unless={"shapes_after": [[256, 64], [10, 256]]},
            ),
        },
    ),
    Proof(
        item="quantize-dynamic-bare-linear",
        observe=bare_linear_seen,
        claims={letter: bare_claim(letter) for letter in "ABCD"},
    ),
    Proof(
        item="quantize-dynamic-in-sequential",
        observe=in_sequential_seen,
        value=lambda seen: seen["ending"],
        unless={"ending": "torch.int8"},
    ),
    Proof(
        item="constant-time",
        observe=constant_time_seen,
        claims={
            "A": Claim(
                "the count does not grow",
                lambda seen: len(set(seen["multiplications"])) == 1,
                unless={"multiplications": [100, 100, 100]},
            ),
            "B": Claim(
                "twice the weights take less than twice the multiplications",
                lambda seen: seen["multiplications"][1] < 2 * seen["multiplications"][0],
                unless={"multiplications": [100, 150, 250]},
            ),
            "C": Claim(
                "twice the weights take four times the multiplications",
                lambda seen: seen["multiplications"][1] == 4 * seen["multiplications"][0],
                unless={"multiplications": [100, 400, 1600]},
            ),
            "D": Claim(
                "there is one multiplication for each weight",
                lambda seen: seen["multiplications"] == seen["n"],
                unless={"multiplications": [25, 50, 100]},
            ),
        },
    ),
    Proof(
        item="int8-bytes",
        observe=int8_bytes_seen,
        value=lambda seen: float(seen["codes"] + seen["scales"] + seen["biases"]),
        unless={"scales": 12},
    ),
    Proof(
        item="which-file-shrinks",
        observe=file_sizes_seen,
        claims={
            "A": is_half("float16_dynamic", 103000),
            "B": is_half("int8_dynamic", 200000),
            "C": is_half("half_pruned", 103000),
            "D": is_half("int8_weight_only", 200000),
        },
    ),
    Proof(
        item="tfmot-prune-call",
        observe=prune_call_seen,
        claims={
            "A": wraps_by("full_path", [[0.5, 100]] * 3),
            "B": wraps_by("without_keras", BY_SCHEDULE),
            "C": wraps_by("wrong_keyword", BY_SCHEDULE),
            "D": wraps_by("from_tf", BY_SCHEDULE),
        },
    ),
    Proof(
        item="tfmot-default-frequency",
        observe=default_frequency_seen,
        claims={
            "A": has_sparsity(0.0, [0.75, 0.75, 0.75]),
            "B": has_sparsity(0.255, [0.255, 0.255, 0.255]),
            "C": has_sparsity(0.5, [0.5, 0.5, 0.5]),
            "D": has_sparsity(0.75, [0.75, 0.75, 0.75]),
        },
    ),
    Proof(
        item="wrapped-twin",
        observe=wrapped_twin_seen,
        claims={
            "A": Claim("the kernels are as before", lambda seen: not seen["changed"], unless={"changed": False}),
            "B": Claim(
                "the layers are shared, and three quarters of the original's weights are zero",
                lambda seen: seen["same_layer"] and all(abs(found - 0.75) < 0.01 for found in seen["sparsity"]),
                unless={"sparsity": [0.0, 0.0, 0.0]},
            ),
            "C": Claim(
                "the kernels changed and lost no weight",
                lambda seen: seen["changed"] and max(seen["sparsity"]) < 0.01,
                unless={"sparsity": [0.0, 0.0, 0.0]},
            ),
            "D": Claim(
                "calling the original raises an error",
                lambda seen: is_error(seen["call"]),
                unless={"call": "ValueError: no"},
            ),
        },
    ),
    Proof(
        item="strip-pruning",
        observe=strip_seen,
        claims={
            "A": Claim(
                "the kernels have smaller shapes",
                lambda seen: seen["shapes"] != seen["shapes_before"],
                unless={"shapes": [[64, 64], [64, 32], [32, 10]]},
            ),
            "B": Claim(
                "the removed weights are back",
                lambda seen: max(seen["sparsity"]) < 0.01,
                unless={"sparsity": [0.0, 0.0, 0.0]},
            ),
            "C": Claim(
                "plain Dense layers with kernel, bias and zeros are left",
                lambda seen: (
                    seen["types"] == ["Dense"]
                    and seen["variables"] == ["bias:0", "kernel:0"]
                    and "mask:0" in seen["wrapped_variables"]
                    and all(abs(found - 0.75) < 0.01 for found in seen["sparsity"])
                ),
                unless={"variables": ["bias:0", "kernel:0", "mask:0"]},
            ),
            "D": Claim(
                "the saved file is smaller than the dense one",
                lambda seen: seen["file"] < 0.9 * seen["dense_file"],
                unless={"file": 60000},
            ),
        },
    ),
    Proof(
        item="tfmot-no-attribute-sparsity",
        observe=no_attribute_seen,
        claims={
            "A": gives_the_error("not_installed", NO_ATTRIBUTE),
            "B": gives_the_error("file_of_the_name", "True"),
            "C": gives_the_error("alias", NO_ATTRIBUTE),
            "D": gives_the_error("misspelt", NO_ATTRIBUTE),
        },
    ),
    Proof(
        item="prune-then-quantize",
        observe=orders_seen,
        claims={
            "DB": Claim(
                "pruning before training keeps the accuracy, the reverse does not, on each of the starting weights",
                lambda seen: keeps_accuracy(seen, "accuracy") and not keeps_accuracy(seen, "accuracy_fine_tuned_first"),
                unless={"accuracy_fine_tuned_first": [1.0, 1.0, 1.0]},
            ),
            "BC": Claim(
                "training before prune.remove keeps nine tenths of zeros, the reverse loses them",
                lambda seen: min(seen["zeros"]) > 0.89 and max(seen["zeros_removed_first"]) < 0.5,
                unless={"zeros_removed_first": [0.9, 0.9, 0.9]},
            ),
            "CA": Claim(
                "prune.remove raises an error after quantize_dynamic",
                lambda seen: is_error(seen["remove_after_quantize"]),
                unless={"remove_after_quantize": "DynamicQuantizedLinear"},
            ),
            "DA": Claim(
                "pruning raises an error after quantize_dynamic",
                lambda seen: is_error(seen["prune_after_quantize"]),
                unless={"prune_after_quantize": "DynamicQuantizedLinear"},
            ),
            "BA": Claim(
                "training raises an error after quantize_dynamic",
                lambda seen: is_error(seen["train_after_quantize"]),
                unless={"train_after_quantize": "Adam"},
            ),
        },
    ),
]
