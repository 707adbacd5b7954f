import itertools

import numpy as np
import torch

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, ZooModel, exactly, matching, unchanged

from ..common import torch_model_codes


def noisy_digits(start, size, seed, noise=0.25):
    """Return validation images with noise, which even the float model does not all read, and their labels."""
    digits = zoo.load_digits()
    images = digits.images("val")[start : start + size]
    blurred = images + np.random.default_rng(seed).normal(0, noise, images.shape)
    return torch.tensor(blurred, dtype=torch.float32), torch.tensor(digits.y_val[start : start + size])


def torch_accuracies(model, images, labels, widths):
    """Return the accuracy as given, and with fake-quantized weights at each width; the model is put back."""
    kept = {name: weight.clone() for name, weight in model.state_dict().items()}
    found = {"float": right_share(model, images, labels), "by_bits": {}}
    for bits in widths:
        stored = torch_model_codes(model, bits)
        with torch.no_grad():
            for name, codes in stored["codes"].items():
                shape = [-1] + [1] * (codes.ndim - 1)
                model.get_parameter(name).copy_(codes * stored["scales"][name].reshape(shape))
        found["by_bits"][bits] = right_share(model, images, labels)
        model.load_state_dict(kept)
    return found


def right_share(model, images, labels):
    with torch.no_grad():
        return float((model(images).argmax(1) == labels).double().mean())


def searched_narrowest(model, images, labels, widths, max_drop):
    found = torch_accuracies(model, images, labels, widths)
    enough = [bits for bits in widths if found["float"] - found["by_bits"][bits] <= max_drop]
    return {**found, "narrowest": min(enough, default=None)}


def one_scale_accuracies(model, images, labels, widths):
    """Return the accuracies with one scale for each layer, a mistake that the cases should show."""
    kept, by_bits = {name: weight.clone() for name, weight in model.state_dict().items()}, {}
    for bits in widths:
        largest = 2 ** (bits - 1) - 1
        with torch.no_grad():
            for weight in (parameter for parameter in model.parameters() if parameter.ndim > 1):
                step = float(weight.abs().max()) / largest
                weight.copy_(torch.fake_quantize_per_tensor_affine(weight, step, 0, -largest, largest))
        by_bits[bits] = right_share(model, images, labels)
        model.load_state_dict(kept)
    return by_bits


def rounded_accuracy(model, images, labels, largest, layers, biases=()):
    """Return the accuracy with some weights and biases on a grid that ends at `largest`; the model is put back."""
    kept = {name: weight.clone() for name, weight in model.state_dict().items()}
    rounded = [model.get_submodule(layer).weight for layer in layers]
    rounded += [model.get_submodule(layer).bias[None] for layer in biases]
    with torch.no_grad():
        for weight in rounded:
            steps = weight.abs().flatten(1).amax(1, keepdim=True) / largest
            weight.copy_((weight / steps).round() * steps)
    accuracy = right_share(model, images, labels)
    model.load_state_dict(kept)
    return accuracy


def shows_depth(model, images, labels):
    """Say whether accuracies tell at 2 bits of inner layers left out and biases taken in, at 4 bits a grid up to 5."""
    layers = ["stem", "block.first", "block.second", "output"]
    whole, outer = (rounded_accuracy(model, images, labels, 1, some) for some in (layers, ["stem", "output"]))
    with_biases = rounded_accuracy(model, images, labels, 1, layers, layers)
    fine, coarse = (rounded_accuracy(model, images, labels, largest, layers) for largest in (7, 5))
    return min(abs(whole - outer), abs(whole - with_biases), abs(fine - coarse)) > 0.02


def nested(draw_model, draw_seed, start=0):
    """Return the arguments for a model with layers inside of another module, on which both show."""
    while True:
        model, seed = draw_model(), draw_seed()
        images, labels = noisy_digits(start, 80, seed, noise=0.45)
        live = zoo.build(model.name) if model.seed is None else zoo.randomized(model.name, model.seed)
        if shows_depth(live, images.flatten(1), labels):
            return model, images.flatten(1), labels, [4, 2], 0.05


def drawn_nested(generator):
    def number():
        return int(generator.integers(1, 100_000))

    return nested(lambda: ZooModel("digits_residual", number()), number, int(generator.integers(0, 260)))


def enough(base, by_bits, max_drop):
    return [bits for bits, accuracy in by_bits.items() if base - accuracy <= max_drop]


def clear_drop(generator, behaviour, widths, allowed=0.08):
    """Draw a model and digits on which no width's drop is close to the allowed one, and all widths but 2 are enough.

    One scale for each layer shows in the accuracies, but not in the answer, of which it would be right by luck.
    """
    while True:
        model, seed = ZooModel("digits_cnn", int(generator.integers(1, 100_000))), int(generator.integers(1, 100_000))
        images, labels = noisy_digits(int(generator.integers(0, 260)), 80, seed)
        live = zoo.randomized("digits_cnn", model.seed)
        found, mistaken = (
            torch_accuracies(live, images, labels, widths),
            one_scale_accuracies(live, images, labels, widths),
        )
        base, fitting = found["float"], [bits for bits in widths if bits > 2]
        drops = [base - accuracy for accuracy in (*found["by_bits"].values(), *mistaken.values())]
        is_clear = base < 0.88 and min(abs(drop - allowed) for drop in drops) > 0.03
        is_shown = max(abs(found["by_bits"][bits] - mistaken[bits]) for bits in widths) > 0.04
        if is_clear and is_shown and all(enough(base, b, allowed) == fitting for b in (found["by_bits"], mistaken)):
            return Case(behaviour, model, images, labels, widths, allowed)


def surest_digits(model, size, start=0):
    """Return the validation digits from `start` on that a model reads with the widest margins, and their labels."""
    images, labels = noisy_digits(start, 100, 0, noise=0.0)
    with torch.no_grad():
        ordered = model(images).sort(1).values
    chosen = (ordered[:, -1] - ordered[:, -2]).argsort(descending=True)[:size]
    return images[chosen], labels[chosen]


def misread_ends(images, labels):
    """Return digits the first and last of which have a wrong label, so that either shows where it is left out."""
    labels = labels.clone()
    labels[[0, -1]] = (labels[[0, -1]] + 1) % 10
    return images, labels


def drawn_ends(generator):
    model = ZooModel("digits_cnn", int(generator.integers(1, 100_000)))
    live = zoo.randomized("digits_cnn", model.seed)
    images, labels = misread_ends(*surest_digits(live, 20, int(generator.integers(0, 260))))
    own = np.random.default_rng(model.seed)
    misread = 1 + own.permutation(18)[: int(own.integers(3, 13))]  # beside the ends, which alone are so in public
    labels[misread] = (labels[misread] + 1) % 10
    return Case("float-accuracy", model, images, labels, [8], 0.05)


def no_drop(generator, widths):
    """Draw a case that allows no drop, on digits so sure that the wide codes lose none: the bound itself counts."""
    while True:
        model = ZooModel("digits_cnn", int(generator.integers(1, 100_000)))
        live = zoo.randomized("digits_cnn", model.seed)
        images, labels = surest_digits(live, 40, int(generator.integers(0, 260)))
        found, mistaken = (
            torch_accuracies(live, images, labels, widths),
            one_scale_accuracies(live, images, labels, widths),
        )
        base, fitting = found["float"], [bits for bits in widths if bits > 2]
        if all(enough(base, b, 0.0) == fitting and base - b[2] > 0.06 for b in (found["by_bits"], mistaken)):
            return Case("narrowest", model, images, labels, widths, 0.0)


def between_bounds(base, accuracy):
    """Return the bound midway between the one that a drop just keeps and the one that it keeps as a share."""
    return (base - accuracy) * (1 + 1 / base) / 2


def absolute_drop(generator, widths):
    """Draw a case whose least width is enough by the difference, which is asked for, and not as a share."""
    while True:
        model, seed = ZooModel("digits_cnn", int(generator.integers(1, 100_000))), int(generator.integers(1, 100_000))
        images, labels = noisy_digits(int(generator.integers(0, 260)), 80, seed)
        live = zoo.randomized("digits_cnn", model.seed)
        found, mistaken = (
            torch_accuracies(live, images, labels, widths),
            one_scale_accuracies(live, images, labels, widths),
        )
        base, by_bits = found["float"], found["by_bits"]
        allowed = between_bounds(base, by_bits[2])
        is_clear = allowed - (base - by_bits[2]) > 0.02 and base - mistaken[2] < allowed - 0.02
        if is_clear and base < 0.9 and max(base - accuracy for accuracy in by_bits.values()) == base - by_bits[2]:
            return Case("narrowest", model, images, labels, widths, allowed)


def predictions(model, images, bits=None):
    """Return the classes that a model gives, as it is or with fake-quantized weights; the model is put back."""
    kept = {name: weight.clone() for name, weight in model.state_dict().items()}
    with torch.no_grad():
        if bits is not None:
            stored = torch_model_codes(model, bits)
            for name, codes in stored["codes"].items():
                shape = [-1] + [1] * (codes.ndim - 1)
                model.get_parameter(name).copy_(codes * stored["scales"][name].reshape(shape))
        found = model(images).argmax(1)
    model.load_state_dict(kept)
    return found


def enough_again(draw_model, draw_seed, start=0):
    """Return the arguments for a case in which 3 bits are too few and 2 bits are enough.

    Labels are what the float model says where 3 bits say something else, and what 2 bits say elsewhere.
    """
    while True:
        model, seed = draw_model(), draw_seed()
        live = zoo.build(model.name) if model.seed is None else zoo.randomized(model.name, model.seed)
        images, _ = noisy_digits(start, 80, seed, noise=0.45)
        whole, three, two = (predictions(live, images, bits) for bits in (None, 3, 2))
        labels = torch.where(three != whole, whole, two)
        found = searched_narrowest(live, images, labels, [3, 2], 0.02)
        drops = [found["float"] - accuracy for accuracy in found["by_bits"].values()]
        mistaken = one_scale_accuracies(live, images, labels, [3, 2])
        is_told = found["narrowest"] == 2 and drops[0] > 0.05 and drops[1] < -0.05
        if is_told and enough(found["float"], mistaken, 0.02) != [2]:
            return model, images, labels, [3, 2], 0.02


def drawn_again(generator):
    def number():
        return int(generator.integers(1, 100_000))

    return enough_again(lambda: ZooModel("digits_cnn", number()), number, int(generator.integers(0, 260)))


def fresh_searches(generator):
    return [
        clear_drop(generator, "float-accuracy", [3, 6, 2]),
        drawn_ends(generator),
        clear_drop(generator, "by-bits", [2, 6, 3]),
        Case("by-bits", *drawn_nested(generator)),
        clear_drop(generator, "narrowest", [8, 2, 4, 6]),
        no_drop(generator, [7, 8, 2]),
        absolute_drop(generator, [4, 2]),
        Case("narrowest", *drawn_again(generator)),
        clear_drop(generator, "none-enough", [2]),
    ]


EXERCISE = ExerciseSpec(
    title="How few bits are enough?",
    response="function",
    setup="""\
import copy

import torch
from quizlib import measures, zoo

cnn = zoo.digits_cnn()
digits = zoo.load_digits()
images = torch.from_numpy(digits.images("val"))  # never the test set: a width is chosen with it
labels = torch.from_numpy(digits.y_val)
""",
    hints=(
        "`copy.deepcopy(model)` gives each width a model of its own to overwrite.",
        "Scale by output channel: `weight.abs().amax(dim=tuple(range(1, weight.ndim)), keepdim=True) / quant_max`.",
        "`logits.argmax(1) == labels` says which images are right; the drop is measured from the float accuracy.",
    ),
    criteria=(
        # An image or two may turn on the order of float sums.
        matching("float-accuracy", "`float`: accuracy of the model as given", rtol=0, atol=0.015, part="float"),
        matching(
            "by-bits",
            "`by_bits`: accuracy at each width, inner layers too",
            points=2,
            rtol=0,
            atol=0.015,
            part="by_bits",
        ),
        exactly("narrowest", "`narrowest`: the fewest bits within the drop", points=2, part="narrowest"),
        exactly(
            "none-enough",
            "None where no width is enough",
            part="narrowest",
            beside=("float-accuracy", "by-bits", "narrowest"),
        ),
        unchanged("keeps-input", "Leaves the model as given"),
    ),
    reference=searched_narrowest,
    public=(
        Case("float-accuracy", ZooModel("digits_cnn"), *noisy_digits(0, 60, 1), [8, 2], 0.05),
        Case("float-accuracy", ZooModel("digits_cnn"), *misread_ends(*surest_digits(zoo.digits_cnn(), 20)), [8], 0.05),
        Case("by-bits", ZooModel("digits_cnn"), *noisy_digits(0, 80, 2), [2, 3, 8], 0.05),
        Case("by-bits", *nested(lambda: ZooModel("digits_residual"), itertools.count(1).__next__)),
        Case("narrowest", ZooModel("digits_cnn"), *noisy_digits(100, 80, 3), [6, 2, 3, 8, 4], 0.12),
        Case("narrowest", ZooModel("digits_cnn"), *surest_digits(zoo.digits_cnn(), 40), [7, 8, 2], 0.0),
        Case("narrowest", ZooModel("digits_cnn"), *noisy_digits(0, 60, 5, noise=0.35), [4, 2], 0.45),
        Case("narrowest", *enough_again(lambda: ZooModel("digits_cnn"), itertools.count(1).__next__)),
        Case("none-enough", ZooModel("digits_cnn"), *noisy_digits(0, 60, 4), [2], 0.05),
    ),
    private=fresh_searches,
)
