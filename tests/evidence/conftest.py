import pytest
import torch

from quizlib.zoo.quiet import quiet

torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def known_noise_dropped():
    quiet()
