import pytest


@pytest.fixture
def one_thread():
    """Keep torch from taking every core; only tests that need torch import it."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
