"""The exercises of lesson 01: count, prune and quantize one small model in PyTorch and in tf_keras."""

import torch

from quizlib import zoo
from quizlib.authoring import (
    Case,
    Condition,
    Criterion,
    ExerciseSpec,
    Matches,
    Measured,
    Symptom,
    ZooModel,
)

LESSON = "01-overview"
LAYERS = ("hidden1", "hidden2", "output")
WEIGHTS = tuple(f"{layer}.weight" for layer in LAYERS)
KERNELS = tuple(f"{layer}/kernel" for layer in LAYERS)
BIASES = tuple(f"{layer}.bias" for layer in LAYERS)

MODEL_BYTES = 203_304  # 50,826 parameters in float32


def criterion(id, text, *conditions, points=1):
    return Criterion(id=id, text=text, points=points, requirement=Measured(conditions=conditions))


def fact(name, *, at_least=None, at_most=None, equals=None, differs=None, **args):
    bounds = {"at_least": at_least, "at_most": at_most, "equals": equals, "differs": differs}
    return Condition(fact=name, args=args, **{key: bound for key, bound in bounds.items() if bound is not None})


def symptom(id, text, remedy, *conditions):
    return Symptom(id=id, text=text, remedy=remedy, conditions=conditions)


def changed(origin=None):
    """Without this a model that was handed back untouched would earn what it has kept."""
    return fact("changed_weights", at_least=1, **({"origin": origin} if origin else {}))


# 1.1 serving-cost


def oracle_cost(widths, bits):
    macs = packed = biases = 0
    for inputs, outputs in zip(widths[:-1], widths[1:], strict=True):
        macs += inputs * outputs
        packed += (inputs * outputs * bits + 7) // 8
        biases += 4 * outputs
    return {"macs": macs, "bytes": packed + biases}


def fresh_costs(generator):
    def odd_widths():  # an odd product in each layer, so that 1, 3 or 5 bits leave part of a byte over
        return [int(width) * 2 + 1 for width in generator.integers(1, 60, size=4)]

    return [
        Case("macs", odd_widths(), 32),
        Case("macs-of-codes", odd_widths(), 8),
        Case("float-bytes", odd_widths(), 32),
        Case("code-bytes", odd_widths(), 8),
        Case("packed-bytes", odd_widths(), int(generator.choice([1, 3, 5]))),
    ]


def cost_criterion(id, text, part):
    return Criterion(id=id, text=text, points=1, requirement=Matches(rtol=0, atol=0, part=part))


serving_cost = ExerciseSpec(
    id="serving-cost",
    lesson=LESSON,
    title="Count what a prediction costs",
    response="function",
    name="serving_cost",
    setup="# Plain Python is enough here.\n",
    hints=(
        "`zip(widths, widths[1:])` pairs the inputs of each layer with its outputs.",
        "A quantized weight is still multiplied: which of the two numbers depends on `bits`?",
        "Round up for each layer on its own, before you add: `-(-a // b)` is ⌈a / b⌉.",
    ),
    criteria=(
        cost_criterion("macs", "Counts one multiply-accumulate for each weight of a float model", "macs"),
        cost_criterion("macs-of-codes", "Counts as many MACs for a quantized model", "macs"),
        cost_criterion("float-bytes", "Counts the bytes of float32 weights and biases", "bytes"),
        cost_criterion("code-bytes", "Counts one byte for an 8-bit code", "bytes"),
        cost_criterion("packed-bytes", "Packs narrow codes and rounds each layer up to whole bytes", "bytes"),
    ),
    misconceptions=(
        symptom(
            "adds-neurons",
            "The units are added up. Each output of a layer reads each of its inputs, so the work is their product.",
            "Sum inputs × outputs over the pairs of neighbouring widths.",
        ),
        symptom(
            "bits-for-bytes",
            "The weights are counted in bits, or as if each bit took a byte.",
            "Divide the bits of a layer by 8, rounding up.",
        ),
        symptom(
            "biases-forgotten",
            "The biases are left out. They are few, but they stay float32 when the weights shrink.",
            "Add 4 bytes for each output of each layer.",
        ),
        symptom(
            "rounds-down",
            "The bits of a layer are divided by 8 and rounded down; the last codes have no byte to live in.",
            "Round up: `-(-bits // 8)`.",
        ),
        symptom(
            "fewer-macs-by-bits",
            "The MACs shrink with the bits. A narrower number makes each multiplication cheaper, not rarer.",
            "Leave `bits` out of the MACs.",
        ),
    ),
    reference=oracle_cost,
    public=(
        Case("macs", [2, 3, 1], 32),
        Case("macs-of-codes", [64, 256, 128, 10], 8),
        Case("float-bytes", [5, 4, 3], 32),
        Case("code-bytes", [64, 256, 128, 10], 8),
        Case("packed-bytes", [3, 3, 1], 3),
    ),
    private=fresh_costs,
)


# 1.2 prune-layers

PRUNE_SETUP = """\
import copy

import torch
from torch import nn
from torch.nn.utils import prune

from quizlib import zoo

mlp = zoo.digits_mlp()  # 64 → 256 → 128 → 10, trained on the digits
"""

SMALLEST_FIRST = tuple(fact("kept_are_largest", weights=[weight], at_least=1.0) for weight in WEIGHTS)
NO_MASKS = fact("weight_bytes", at_most=MODEL_BYTES)
PRUNED_AS_ASKED = fact("zeros_off", weights=list(WEIGHTS), at_most=0)


def fresh_models(generator):
    seeds = generator.integers(0, 2**31, size=2)
    shares = generator.uniform(0.25, 0.45), generator.uniform(0.65, 0.85)
    return [
        Case("share", ZooModel("digits_mlp", seed=int(seed)), round(float(share), 2))
        for seed, share in zip(seeds, shares, strict=True)
    ]


prune_layers = ExerciseSpec(
    id="prune-layers",
    lesson=LESSON,
    title="Prune every layer",
    response="function",
    name="prune_layers",
    setup=PRUNE_SETUP,
    hints=(
        "`copy.deepcopy(model)` first: the functions of `prune` work in place.",
        "Iterate over the copy and take each child that `isinstance(child, nn.Linear)`.",
        "After `prune.l1_unstructured` the layer holds `weight_orig` and `weight_mask`; "
        "`prune.remove(layer, 'weight')` leaves the product of the two.",
    ),
    criteria=(
        criterion("share", "Each layer loses exactly its share of weights", PRUNED_AS_ASKED),
        criterion(
            "smallest-first", "No removed weight is larger than a kept one of its layer", changed(), *SMALLEST_FIRST
        ),
        criterion(
            "kept-values",
            "Kept weights and all biases have their values",
            changed(),
            fact("change_of_kept", weights=list(WEIGHTS), at_most=0),
            *(fact("change_of_weight", weight=bias, at_most=0) for bias in BIASES),
        ),
        criterion("permanent", "No mask is stored beside the weights", changed(), NO_MASKS),
        criterion(
            "keeps-model", "The model that was given is unchanged", changed(), fact("inputs_changed", equals=False)
        ),
    ),
    misconceptions=(
        symptom(
            "masks-left",
            "The masks are still there: each layer stores its weights twice, and a mask as large again.",
            "Call `prune.remove(layer, 'weight')` after pruning; it keeps the zeros and drops the mask.",
            fact("weight_bytes", at_least=MODEL_BYTES + 1),
        ),
        symptom(
            "random-removed",
            "Weights were removed at random. A large weight does more to the output than a small one.",
            "Use `prune.l1_unstructured`, which ranks by magnitude.",
            PRUNED_AS_ASKED,
            fact("kept_are_largest", weights=["hidden2.weight"], at_least=0.05, at_most=0.95),
        ),
        symptom(
            "largest-removed",
            "The largest weights were removed and the smallest kept: the mask is upside down.",
            "Keep where the magnitude is above the threshold; a mask of 1 keeps, a mask of 0 removes.",
            PRUNED_AS_ASKED,
            fact("kept_are_largest", weights=["hidden2.weight"], at_most=0.04),
        ),
        symptom(
            "count-for-fraction",
            "`amount` was passed as a whole number, and so taken as a count of weights.",
            "Pass a float: `amount=0.5` is half of the weights, `amount=50` is 50 weights.",
            fact("sparsity", weight="hidden2.weight", at_least=1e-6, at_most=0.01),
        ),
        symptom(
            "biases-pruned",
            "Biases were pruned too. They are few, so it saves nothing, and each one shifts a whole unit.",
            "Prune the parameter called 'weight' only.",
            fact("change_of_weight", weight="hidden1.bias", at_least=1e-9),
        ),
        symptom(
            "works-in-place",
            "The model that was given is pruned itself; after the call there is no unpruned model to compare with.",
            "Start with `pruned = copy.deepcopy(model)` and prune the copy.",
            PRUNED_AS_ASKED,
            NO_MASKS,
            fact("inputs_changed", equals=True),
        ),
    ),
    public=(Case("share", ZooModel("digits_mlp"), 0.5),),
    private=fresh_models,
)


# 1.3 prune-global


def oracle_global_pruning():
    given = {name: layer.weight.detach() for name, layer in zoo.digits_mlp().named_children() if name in LAYERS}
    magnitudes = torch.cat([weight.abs().flatten() for weight in given.values()])
    count = round(0.8 * magnitudes.numel())
    threshold = magnitudes.kthvalue(count).values
    return {
        "zeros": count,
        "sparsity": {name: float((weight.abs() <= threshold).float().mean()) for name, weight in given.items()},
        "threshold": float(threshold),
        "weight_bytes": 4 * magnitudes.numel(),
    }


prune_global = ExerciseSpec(
    id="prune-global",
    lesson=LESSON,
    title="Prune the model as a whole",
    response="value",
    name="global_pruning",
    setup=PRUNE_SETUP,
    hints=(
        "`global_unstructured` takes a list of pairs `(layer, 'weight')` and ranks them all together.",
        "A layer's fraction of zeros is `float((layer.weight == 0).float().mean())`.",
        "`mlp` still has the weights from before; the zeros of the pruned copy say which of them were removed.",
    ),
    criteria=(
        Criterion(
            id="zeros",
            text="The weights together have sparsity 0.8",
            points=1,
            requirement=Matches(part="zeros", rtol=0, atol=0),
        ),
        Criterion(
            id="sparsity",
            text="Each layer's fraction of zeros comes from one threshold",
            points=2,
            requirement=Matches(part="sparsity", rtol=0, atol=1e-5),
        ),
        Criterion(
            id="threshold",
            text="The threshold parts the removed weights from the kept ones",
            points=1,
            requirement=Matches(part="threshold", rtol=1e-4, atol=0),
        ),
        Criterion(
            id="weight-bytes",
            text="Zeros take as many bytes as other numbers",
            points=1,
            requirement=Matches(part="weight_bytes", rtol=0, atol=0),
        ),
    ),
    misconceptions=(
        symptom(
            "layer-by-layer",
            "Each layer lost the same share. Ranked together, layers with small weights lose more than others.",
            "Give all the pairs `(layer, 'weight')` to one call of `prune.global_unstructured`.",
        ),
        symptom(
            "zeros-are-free",
            "The bytes of the kept weights alone were counted. A dense tensor stores a zero like any other number.",
            "Ask the tensor: `layer.weight.nbytes`.",
        ),
        symptom(
            "percent",
            "The sparsity is in per cent; it was asked for as a fraction from 0 to 1.",
            "Leave out the factor of 100.",
        ),
        symptom(
            "density",
            "The fraction that was kept is given; sparsity is the fraction of zeros.",
            "Take 1 − kept, or count `weight == 0`.",
        ),
        symptom(
            "biases-ranked",
            "The biases were ranked among the weights, so that some of what was removed are biases.",
            "Leave `(layer, 'bias')` out of the list.",
        ),
    ),
    reference=oracle_global_pruning,
)


# 1.4 quantize-hidden

QUANTIZE_SETUP = """\
import copy

import torch
from torch import nn

from quizlib import zoo
from quizlib.zoo.eager import quantize_dynamic

mlp = zoo.digits_mlp()  # 64 → 256 → 128 → 10, trained on the digits
"""

HALF_A_STEP = 0.51  # rounding to nearest keeps to 0.5; the rest is for float32 arithmetic
FINEST_STEPS = 1.05  # 1 for the largest magnitude over 127.5, 1.004 over 127; 17 for a grid of 4 bits
# int8 codes of the hidden layers, float32 for the output layer and the biases, take 55,900 bytes of 203,304
SMALL = fact("weight_bytes", at_most=0.35 * MODEL_BYTES)
HIDDEN_CODES = tuple(fact("code_dtype", weight=weight, equals="int8") for weight in WEIGHTS[:2])


def float_output(*origin):
    args = {"origin": origin[0]} if origin else {}
    return (
        changed(*origin),
        fact("weight_dtype", weight="output.weight", equals="float32"),
        fact("change_of_weight", weight="output.weight", at_most=0, **args),
    )


def fresh_model(generator):
    return [Case("codes", ZooModel("digits_mlp", seed=int(generator.integers(0, 2**31))))]


quantize_hidden = ExerciseSpec(
    id="quantize-hidden",
    revision=3,  # the width of the steps is judged
    lesson=LESSON,
    title="Quantize the hidden layers",
    response="function",
    name="quantize_hidden",
    setup=QUANTIZE_SETUP,
    hints=(
        "`quantize_dynamic(model, {'name of a layer', …}, dtype=torch.qint8)` converts the layers of these names.",
        "A name that no child has is skipped without a word; print the result and look at the class of each layer.",
    ),
    criteria=(
        criterion("codes", "`hidden1` and `hidden2` store int8 codes", *HIDDEN_CODES),
        criterion("float-output", "`output` holds the float32 weights that were given", *float_output()),
        criterion(
            "half-a-step",
            "Each code is within half a step of its weight, on steps no wider than 8 bits need",
            *(fact("error_in_steps", weight=weight, at_most=HALF_A_STEP) for weight in WEIGHTS[:2]),
            *(fact("step_excess", weight=weight, at_most=FINEST_STEPS) for weight in WEIGHTS[:2]),
        ),
        criterion(
            "small-and-alike",
            "A third of the bytes, and the same class for 0.98 of the test digits",
            SMALL,
            # Over 40 randomized models: 0.997 at least for three right answers, 0.18 at most for fresh layers.
            fact("agreement", at_least=0.98),
        ),
        criterion(
            "keeps-model", "The model that was given is unchanged", changed(), fact("inputs_changed", equals=False)
        ),
    ),
    misconceptions=(
        symptom(
            "output-too",
            "The output layer was quantized as well: the type `nn.Linear` stands for every linear layer.",
            "Pass the names `{'hidden1', 'hidden2'}` in place of the type.",
            fact("is_quantized", weight="hidden1.weight", equals=True),
            fact("is_quantized", weight="output.weight", equals=True),
        ),
        symptom(
            "half-precision",
            "The weights were rounded to float16, which is 16 bits wide and no integer code.",
            "Ask for `dtype=torch.qint8`.",
            changed(),
            fact("is_quantized", weight="hidden1.weight", equals=False),
            fact("change_of_weight", weight="hidden1.weight", at_most=2e-4),
        ),
        symptom(
            "nothing-swapped",
            "Nothing was converted. `quantize_dynamic` swaps the children that its set names, and never the module "
            "that it is given; a name or type that matches no child is skipped in silence.",
            "Give it the whole model, with the names of its children.",
            fact("changed_weights", equals=0),
        ),
        symptom(
            "rounded-floats",
            "The weights were rounded to a grid, but they are still stored as float32, so nothing got smaller.",
            "Store codes: let `quantize_dynamic` swap the layers.",
            fact("is_quantized", weight="hidden1.weight", equals=False),
            fact("change_of_weight", weight="hidden1.weight", at_least=4e-4, at_most=0.05),
        ),
        symptom(
            "works-in-place",
            "The model that was given is quantized itself; its float weights are gone.",
            "Leave `inplace` at False, or quantize a copy.",
            *HIDDEN_CODES,
            fact("is_quantized", weight="output.weight", equals=False),
            fact("inputs_changed", equals=True),
        ),
        symptom(
            "few-codes-used",
            "The steps are wider than 8 bits need: the weights were rounded to a grid of few bits, in codes of 8.",
            "Leave the range of the codes at −128 … 127.",
            fact("error_in_steps", weight="hidden1.weight", at_most=HALF_A_STEP),
            fact("step_excess", weight="hidden1.weight", at_least=1.5),
        ),
        symptom(
            "untrained-layers",
            "The codes are of other weights: the layers were made anew, and what they had learned was lost.",
            "Quantize the layers of the model that was given.",
            fact("is_quantized", weight="output.weight", equals=False),
            fact("error_in_steps", weight="hidden1.weight", at_least=5),
        ),
    ),
    public=(Case("codes", ZooModel("digits_mlp")),),
    private=fresh_model,
)


# 1.5 quantize-weight-only

ORIGIN = "digits_mlp"


def pixels(*rows):
    return torch.from_numpy(zoo.load_digits().x_test[list(rows)])


def fresh_pixels(generator):
    rows = zoo.load_digits().x_test[generator.choice(360, size=16, replace=False)]
    return [Case("float-activations", torch.from_numpy(rows))]


quantize_weight_only = ExerciseSpec(
    id="quantize-weight-only",
    revision=2,  # the width of the steps is judged
    lesson=LESSON,
    title="Quantize the weights only",
    response="torch_model",
    name="weight_only",
    setup="""\
import copy

import torch
from torch import nn
from torchao.quantization import Int8WeightOnlyConfig, quantize_

from quizlib import zoo

mlp = zoo.digits_mlp()  # 64 → 256 → 128 → 10, trained on the digits
""",
    hints=(
        "`quantize_` returns None: keep a name for the copy, and pass that to `check`.",
        "`filter_fn` gets each module with its name in the model, here 'hidden1', 'relu1' and so on.",
    ),
    criteria=(
        criterion("codes", "`hidden1` and `hidden2` hold int8 codes", *HIDDEN_CODES),
        criterion(
            "row-scales",
            "Each output row has its own scale, as fine as 8 bits allow, and each code is within half a step",
            fact("scale_count", weight="hidden1.weight", equals=256),
            fact("scale_count", weight="hidden2.weight", equals=128),
            *(fact("error_in_steps", weight=weight, origin=ORIGIN, at_most=HALF_A_STEP) for weight in WEIGHTS[:2]),
            *(fact("step_excess", weight=weight, origin=ORIGIN, at_most=FINEST_STEPS) for weight in WEIGHTS[:2]),
        ),
        criterion(
            "float-activations",
            "The outputs are those of the stored weights on float32 activations",
            changed(ORIGIN),
            # Over 40 draws of 16 rows: 4e-6 at most for weights alone, 0.045 at least for dynamic int8 activations.
            fact("error_of_stored", origin=ORIGIN, at_most=1e-3),
        ),
        criterion("float-output", "`output` holds the float32 weights of `mlp`", *float_output(ORIGIN)),
        criterion("small", "The model takes a third of the bytes", SMALL),
    ),
    misconceptions=(
        symptom(
            "output-too",
            "The output layer was quantized as well: without a filter every `nn.Linear` is converted.",
            "Pass a `filter_fn` that returns True for names that start with 'hidden'.",
            fact("is_quantized", weight="hidden1.weight", equals=True),
            fact("is_quantized", weight="output.weight", equals=True),
        ),
        # Its weights are those of the right answer; it is known by the model's outputs on the public case.
        symptom(
            "activations-too",
            "The activations are quantized as well, at each call; the outputs differ from those of the stored weights.",
            "Use `Int8WeightOnlyConfig`.",
        ),
        symptom(
            "one-scale",
            "One scale serves a whole layer, so that a row of small weights is stored in few codes.",
            "Leave the granularity of `Int8WeightOnlyConfig` at `PerRow()`.",
            fact("is_quantized", weight="output.weight", equals=False),
            fact("scale_count", weight="hidden1.weight", equals=1),
        ),
        symptom(
            "one-layer-only",
            "Only one of the two hidden layers holds codes; the other is still float32.",
            "Let the filter match both names, such as by `name.startswith('hidden')`.",
            fact("is_quantized", weight="hidden1.weight", equals=True),
            fact("is_quantized", weight="hidden2.weight", equals=False),
        ),
        symptom(
            "few-codes-used",
            "The steps are wider than 8 bits need: the weights were rounded to a grid of few bits, in codes of 8.",
            "Use `Int8WeightOnlyConfig`.",
            fact("scale_count", weight="hidden1.weight", equals=256),
            fact("error_in_steps", weight="hidden1.weight", origin=ORIGIN, at_most=HALF_A_STEP),
            fact("step_excess", weight="hidden1.weight", origin=ORIGIN, at_least=1.5),
        ),
        symptom(
            "nothing-matched",
            "The filter matched no layer, and `quantize_` says nothing then.",
            "Print the names that `filter_fn` is called with: they are the names of `named_modules()`.",
            fact("changed_weights", origin=ORIGIN, equals=0),
        ),
        symptom(
            "back-to-floats",
            "The codes were turned back into float32 numbers, so the rounding was paid for and nothing got smaller.",
            "Keep the tensors that `quantize_` puts into the layers.",
            changed(ORIGIN),
            fact("is_quantized", weight="hidden1.weight", equals=False),
        ),
    ),
    public=(Case("float-activations", pixels(0, 1, 2, 3)),),
    private=fresh_pixels,
)


# 1.6 prune-keras

KERAS_ORIGIN = "digits_mlp_keras"

prune_keras = ExerciseSpec(
    id="prune-keras",
    lesson=LESSON,
    title="Prune a Keras model while it trains",
    response="keras_model",
    name="pruned_keras",
    setup="""\
import tensorflow_model_optimization as tfmot
import tf_keras as keras

from quizlib import zoo

digits = zoo.load_digits()  # x_train (1077, 64) from 0 to 1, y_train (1077,)
mlp_keras = zoo.digits_mlp_keras()  # 64 → 256 → 128 → 10, trained on the digits
""",
    hints=(
        "`keras.models.clone_model` gives new weights; `set_weights(model.get_weights())` brings the trained ones.",
        "`tfmot.sparsity.keras.ConstantSparsity(0.75, begin_step=0, frequency=1)` prunes at every step.",
        "`strip_pruning(model)` returns the model without wrappers; it does not work in place.",
    ),
    criteria=(
        criterion(
            "sparsity",
            "Each kernel has sparsity 0.75",
            changed(KERAS_ORIGIN),
            # tfmot removes exactly round(0.75 n); one weight of the smallest kernel more or less is let pass
            *(fact("sparsity", weight=kernel, at_least=0.7491, at_most=0.7509) for kernel in KERNELS),
            points=2,
        ),
        criterion(
            "kept-large",
            "The kept weights are large ones of the trained model",
            changed(KERAS_ORIGIN),
            # Over 9 seeds and two schedules: 0.97 at least; fresh weights: 0.25.
            fact("kept_are_largest", weights=list(KERNELS), origin=KERAS_ORIGIN, at_least=0.7),
        ),
        criterion(
            "stripped",
            "No mask, threshold or step is stored beside the weights",
            changed(KERAS_ORIGIN),
            fact("mask_variables", at_most=0),
            points=2,
        ),
        criterion(
            "accuracy",
            "The accuracy on the test digits is at least 0.90",
            changed(KERAS_ORIGIN),
            # Over the same 9 runs: 0.967 at least; fresh weights after the same 2 epochs: 0.54 to 0.78.
            fact("accuracy", origin=KERAS_ORIGIN, at_least=0.90),
        ),
    ),
    misconceptions=(
        symptom(
            "never-pruned",
            "No weight was removed: the schedule prunes every `frequency` steps, 100 by default, and 2 epochs are 34.",
            "Pass `frequency=1` to the schedule.",
            changed(KERAS_ORIGIN),
            fact("global_sparsity", weights=list(KERNELS), at_most=0.01),
        ),
        symptom(
            "stops-short",
            "Pruning stopped short of 0.75: `end_step` lies beyond the 34 steps of 2 epochs, or the target is lower.",
            "Let the schedule end at 0.75 within the steps that you train, such as `end_step=34`.",
            fact("mask_variables", at_most=0),
            fact("global_sparsity", weights=list(KERNELS), at_least=0.05, at_most=0.74),
            fact("kept_are_largest", weights=list(KERNELS), origin=KERAS_ORIGIN, at_least=0.7),
        ),
        symptom(
            "wrappers-left",
            "The wrappers are still there, with a mask, a threshold and a step counter for each layer.",
            "Take the model that `tfmot.sparsity.keras.strip_pruning(model)` returns.",
            fact("mask_variables", at_least=1),
        ),
        symptom(
            "untrained-copy",
            "The copy lost what the model had learned: `clone_model` makes new random weights.",
            "Call `copied.set_weights(mlp_keras.get_weights())` before you wrap the copy.",
            fact("mask_variables", at_most=0),
            fact("global_sparsity", weights=list(KERNELS), at_least=0.5),
            fact("kept_are_largest", weights=list(KERNELS), origin=KERAS_ORIGIN, at_most=0.45),
        ),
    ),
)


# 1.7 litert-int8

FLOAT_FILE = 205_000  # bytes of the float32 file

litert_int8 = ExerciseSpec(
    id="litert-int8",
    lesson=LESSON,
    title="Convert to integers only",
    response="litert",
    name="int8_file",
    setup="""\
import tensorflow as tf

from quizlib import zoo

digits = zoo.load_digits()  # x_train (1077, 64) from 0 to 1
mlp_keras = zoo.digits_mlp_keras()  # 64 → 256 → 128 → 10, trained on the digits
""",
    hints=(
        "Without a `representative_dataset` the ranges of the activations are unknown, and they stay float32.",
        "`representative_dataset` is the function itself, not its result; each item is a list with one array (1, 64).",
        "`target_spec.supported_ops` is a list with `tf.lite.OpsSet.TFLITE_BUILTINS_INT8`.",
    ),
    criteria=(
        criterion(
            "weights",
            "All three weight matrices are int8",
            fact("litert_int8_weights", equals=3),
            fact("litert_float_weights", equals=0),
        ),
        criterion(
            "activations",
            "Between the layers all numbers are integers",
            # a float input and output alone are two float tensors
            fact("litert_float_tensors", at_most=2),
        ),
        criterion(
            "input-output",
            "Input and output are int8",
            fact("litert_input_dtype", equals="int8"),
            fact("litert_output_dtype", equals="int8"),
        ),
        criterion(
            "examples",
            "The step of the input fits pixels from 0 to 1",
            # 1/255 to 5 %: some examples lack a pixel of exactly 1.0
            fact("litert_input_step", at_least=0.95 / 255, at_most=1.05 / 255),
        ),
        criterion(
            "accuracy",
            "The accuracy on the test digits is at least 0.90, in a third of the bytes",
            fact("litert_size_bytes", at_most=0.35 * FLOAT_FILE),
            fact("litert_accuracy", at_least=0.90),
        ),
    ),
    misconceptions=(
        symptom(
            "weights-only",
            "Only the weights are int8: without examples the converter cannot know the range of an activation.",
            "Set `representative_dataset` and ask for `TFLITE_BUILTINS_INT8`.",
            fact("litert_int8_weights", equals=3),
            fact("litert_float_tensors", at_least=3),
        ),
        symptom(
            "float-ends",
            "The model computes in integers but is fed and read in float32, so that it still needs float arithmetic.",
            "Set `inference_input_type` and `inference_output_type` to `tf.int8`.",
            fact("litert_int8_weights", equals=3),
            fact("litert_float_tensors", at_least=1, at_most=2),
        ),
        symptom(
            "raw-pixels",
            "The examples have a wider range than the pixels from 0 to 1 that the model is fed; most codes lie idle.",
            "Take rows of `digits.x_train` as they are, from 0 to 1.",
            fact("litert_float_tensors", equals=0),
            fact("litert_input_step", at_least=1.1 / 255),
        ),
        symptom(
            "not-optimized",
            "The weights are still floats: without `optimizations` nothing is quantized.",
            "Set `converter.optimizations = [tf.lite.Optimize.DEFAULT]`.",
            fact("litert_int8_weights", equals=0),
        ),
    ),
)


# 1.8 compress


def stored_zeros(weight):
    """0.9 of a layer: two weights fewer are let pass, and up to 0.93, since small weights round to code 0."""
    size = {"hidden1.weight": 16_384, "hidden2.weight": 32_768, "output.weight": 1_280}[weight]
    return fact("sparsity", weight=weight, at_least=(round(0.9 * size) - 2) / size, at_most=0.93)


compress = ExerciseSpec(
    id="compress",
    revision=2,  # quantize_dynamic comes through the adapter
    lesson=LESSON,
    title="Prune, fine-tune, quantize",
    response="torch_model",
    name="compressed",
    setup="""\
import copy

import torch
from torch import nn
from torch.nn.utils import prune

from quizlib import zoo
from quizlib.zoo.eager import quantize_dynamic

digits = zoo.load_digits()  # x_train (1077, 64) from 0 to 1, y_train (1077,)
mlp = zoo.digits_mlp()  # 64 → 256 → 128 → 10, trained on the digits
""",
    hints=(
        "The order matters: int8 codes have no gradient, so they cannot be fine-tuned afterwards.",
        "While a mask is in place, `layer.weight` is `weight_orig * weight_mask` at each forward pass.",
        "`quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)` returns a copy; it cannot copy a masked weight, so "
        "`prune.remove` comes first.",
    ),
    criteria=(
        criterion(
            "codes",
            "Each layer stores int8 codes",
            *(fact("code_dtype", weight=weight, equals="int8") for weight in WEIGHTS),
        ),
        criterion(
            "zeros",
            "Each layer has sparsity 0.9",
            *(stored_zeros(weight) for weight in WEIGHTS),
            points=2,
        ),
        criterion(
            "kept-large",
            "The kept weights are the large ones of `mlp`",
            changed(ORIGIN),
            # Over 8 seeds: 0.998 at once, 0.79 in three steps with training between them, 0.11 at random.
            fact("kept_are_largest", weights=["hidden2.weight"], origin=ORIGIN, at_least=0.6),
        ),
        criterion(
            "accuracy",
            "The accuracy on the test digits is at least 0.90",
            changed(ORIGIN),
            # Over 8 seeds: 0.944 at least for three right answers, 0.875 at most for random masks, 0.45 untrained.
            fact("accuracy", origin=ORIGIN, at_least=0.90),
        ),
        criterion("permanent", "No trace of pruning is left", changed(ORIGIN), fact("pruning_leftovers", at_most=0)),
    ),
    misconceptions=(
        symptom(
            "not-fine-tuned",
            "The model was not trained after pruning, so the kept weights never made up for the lost ones.",
            "Train a few epochs while the masks are in place.",
            fact("global_sparsity", weights=list(WEIGHTS), at_least=0.85),
            fact("kept_are_largest", weights=["hidden2.weight"], origin=ORIGIN, at_least=0.6),
            fact("accuracy", origin=ORIGIN, at_most=0.85),
        ),
        symptom(
            "masks-removed-early",
            "The masks were gone before the fine-tuning, so the zeros were trained away.",
            "Call `prune.remove` after the training, not before.",
            fact("is_quantized", weight="hidden2.weight", equals=True),
            fact("global_sparsity", weights=list(WEIGHTS), at_most=0.6),
        ),
        symptom(
            "still-float",
            "The weights are still float32: nine in ten are zero, and each zero takes four bytes.",
            "End with `quantize_dynamic(small, {nn.Linear}, dtype=torch.qint8)`.",
            fact("pruning_leftovers", at_most=0),
            fact("global_sparsity", weights=list(WEIGHTS), at_least=0.85),
            fact("quantized_weights", equals=0),
        ),
        symptom(
            "random-removed",
            "Weights were removed at random, and fine-tuning does not make up for the large ones that are gone.",
            "Use `prune.l1_unstructured`, which ranks by magnitude.",
            fact("global_sparsity", weights=list(WEIGHTS), at_least=0.85),
            fact("kept_are_largest", weights=["hidden2.weight"], origin=ORIGIN, at_most=0.3),
        ),
        symptom(
            "masks-left",
            "The masks were never made permanent: their hooks are still there, and the model fails when it is called.",
            "Call `prune.remove(layer, 'weight')` on each layer before you quantize.",
            fact("pruning_leftovers", at_least=1),
        ),
    ),
)

EXERCISES = [
    serving_cost,
    prune_layers,
    prune_global,
    quantize_hidden,
    quantize_weight_only,
    prune_keras,
    litert_int8,
    compress,
]
