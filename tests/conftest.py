"""How tests share the machine: those of a file stay in one process, unless they say otherwise."""

import pytest

from quizlib.threads import use_one_thread

use_one_thread()  # two processes of tests share the cores with the kernels that they start

SLOW = ("grading", "browser", "proof")
"""Marks of tests that take minutes; they are begun first, so that none of them runs alone in the end."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Give each test the group of its file where it names none, for `--dist loadgroup`, and put slow ones first."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.location[0]))
    items.sort(key=lambda item: all(item.get_closest_marker(mark) is None for mark in SLOW))
