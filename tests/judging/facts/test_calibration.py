import pytest
import torch

from quizlib import zoo
from quizlib.errors import FactError
from quizlib.evidence.encode import encode
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import CaseEvidence, ZooModel
from quizlib.judging.facts.calibration import observed_numbers
from quizlib.judging.facts.registry import FactContext
from quizlib.zoo import eager
from tests.judging.facts.converted import BLOCKS, IMAGES, QCONFIG, converted
from tests.judging.facts.models import fact
from tests.judging.facts.test_grids import on_grids
from tests.judging.facts.test_integers import residual

# What eager mode says of itself at each call; the facts must still read its models.
pytestmark = [
    pytest.mark.filterwarnings("ignore:torch.ao.quantization is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor, torch.quantize_per_channel and other quantized"),
]

OF_CNN = "input relu1 relu2 output"
OF_RESIDUAL = "input stem_relu first_relu second sum_relu output"


def measured(name, model, given="digits_cnn", examples=IMAGES, **args):
    case = ProbeCase("a", (ZooModel(given), encode(examples), encode(examples[:3])))
    return fact(name, model, FactContext.of(case, None, CaseEvidence("a", None), {}), **args)


def test_grids_of_all_examples_are_found_again():
    model = converted()

    assert measured("grids_off_places", model, places=OF_CNN) < 1e-5
    assert measured("share_behind_grids", model, places=OF_CNN) == 1
    assert measured("input_grid_off", model) < 1e-6


@pytest.mark.parametrize("rows", [slice(0, 1), slice(0, 8), slice(None, None, 4), slice(-5, None)])
def test_grids_of_a_slice_are_told_from_those_of_all_examples(rows):
    model = converted(examples=IMAGES[rows])

    assert measured("grids_off_places", model, places=OF_CNN) > 1e-3
    assert len(IMAGES[rows]) / len(IMAGES) <= measured("share_behind_grids", model, places=OF_CNN) < 1


@pytest.mark.parametrize("changed", [IMAGES * 16, IMAGES / 4, IMAGES * 2 - 1, IMAGES.flip(3)])
def test_grids_of_other_numbers_are_of_no_slice(changed):
    assert measured("share_behind_grids", converted(examples=changed), places=OF_CNN) == 0


def test_input_is_off_where_pixels_were_changed_and_not_where_they_were_moved():
    assert measured("input_grid_off", converted(examples=IMAGES * 16)) > 0.5
    assert measured("input_grid_off", converted(examples=IMAGES.flip(3))) < 1e-6


@pytest.mark.parametrize("top", [15, 63, 255])
def test_codes_of_another_width_are_no_other_input(top):
    assert measured("input_grid_off", on_grids((1 / top, 0))) < 1e-6


def test_grids_may_be_those_of_another_argument():
    assert measured("grids_off_places", converted(examples=IMAGES[:3]), places=OF_CNN, argument=2) < 1e-5


def test_place_before_a_relu_is_one_of_the_alternatives():
    model = converted(blocks=[block[:2] for block in BLOCKS])

    assert measured("grids_off_places", model, places=OF_CNN) > 0.01
    assert measured("grids_off_places", model, places="input bn1|relu1 bn2|relu2 output") < 1e-5


def test_grids_of_a_histogram_are_found_again():
    def seen_by(observer):
        fused = eager.fuse_modules(eager.QuantWrapper(zoo.digits_cnn()).eval(), BLOCKS)
        fused.qconfig = eager.QConfig(activation=observer, weight=QCONFIG.weight)
        observed = eager.prepare(fused)
        with torch.no_grad():
            observed(IMAGES)
        return eager.convert(observed)

    histogram = eager.HistogramObserver.with_args(dtype=torch.quint8, reduce_range=True)
    assert measured("grids_off_places", seen_by(histogram), places=OF_CNN, histogram=True) < 1e-4
    assert measured("grids_off_places", converted(), places=OF_CNN, histogram=True) > 1e-3


def test_sums_of_the_residual_mlp_are_told_apart():
    pixels = IMAGES.flatten(1)

    def off(sum_of, places=OF_RESIDUAL, **args):
        return measured("grids_off_places", residual(sum_of), "digits_residual", pixels, places=places, **args)

    assert off(lambda add, h, branch: add.add_relu(h, branch)) < 1e-5
    assert off(lambda add, h, branch: add.add_relu(branch, branch)) > 0.01
    assert off(lambda add, h, branch: add.add_relu(branch, branch), summand="input|second") < 1e-5
    before = "input stem_relu first_relu second sum output"
    assert off(lambda add, h, branch: torch.relu(add.add(h, branch)), before) < 1e-5
    assert off(lambda add, h, branch: add.add_relu(h, branch), before) > 0.01


def test_other_networks_and_missing_arguments_are_refused():
    with pytest.raises(FactError, match="neither a sequence of layers nor the residual MLP"):
        observed_numbers(ZooModel("digits_lstm"), torch.zeros(2, 8, 8))
    with pytest.raises(FactError, match="no argument 4"):
        measured("input_grid_off", converted(), argument=4)
    with pytest.raises(FactError, match="4 activation grids, where 1 are asked for"):
        measured("grids_off_places", converted(), places="input")
