import numpy as np
import pytest
import torch

from quizlib import zoo
from quizlib.errors import FactError
from quizlib.judging.facts.registry import FactContext
from tests.judging.facts.converted import IMAGES, converted
from tests.judging.facts.models import fact

# What eager mode says of itself at each call; the facts must still read its models.
pytestmark = [
    pytest.mark.filterwarnings("ignore:torch.ao.quantization is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor, torch.quantize_per_channel and other quantized"),
]


def test_accuracy_is_that_of_the_integer_kernels():
    model, digits = converted(), zoo.load_digits()
    with torch.no_grad():
        predicted = model(torch.from_numpy(digits.images("test"))).argmax(1).numpy()

    # The kernels round sums that lie on a border their own way: an image or two may turn.
    got = fact("static_accuracy", model, origin="digits_cnn", context=FactContext())
    assert got == pytest.approx(np.mean(predicted == digits.y_test), abs=2 / 360)


def test_accuracy_falls_where_grids_are_wrong():
    model = converted(examples=IMAGES / 20)

    assert fact("static_accuracy", model, origin="digits_cnn", context=FactContext()) < 0.9


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (zoo.digits_cnn, "the model has 0 grids beside those of its layers"),
        (lambda: converted(blocks=[]), "module.conv1 lacks the grid of its output, or a bias with the batch norm"),
        (lambda: converted().module, "the model has 0 grids beside those of its layers"),
        (lambda: converted().quant, r"no weight of shape \(16, 1, 3, 3\) is stored as integer codes"),
    ],
)
def test_accuracy_asks_for_a_converted_model_with_folded_norms(make, reason):
    with pytest.raises(FactError, match=reason):
        fact("static_accuracy", make(), origin="digits_cnn", context=FactContext())


def test_accuracy_needs_layers_that_follow_each_other():
    with pytest.raises(FactError, match=r"digits_residual is no torch\.nn\.Sequential"):
        fact("static_accuracy", converted(), origin="digits_residual", context=FactContext())
