import os

from quizlib.threads import ONE_THREAD, use_one_thread


def test_every_library_is_told_to_take_one_thread_whatever_it_was_told_before(monkeypatch):
    for name in ONE_THREAD:
        monkeypatch.setenv(name, "7")
    use_one_thread()
    assert {os.environ[name] for name in ONE_THREAD} == {"1"}


def test_each_library_is_in_the_list():
    assert {name.partition("_")[0] for name in ONE_THREAD} == {"OMP", "MKL", "OPENBLAS", "NUMEXPR", "TF"}
