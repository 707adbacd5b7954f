"""How tests are shared out among processes: the tests of a file stay together, unless they say otherwise."""

import pytest

SLOW = ("grading", "browser", "proof")
"""Marks of tests that take minutes; they are begun first, so that none of them runs alone in the end."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Give each test the group of its file where it names none, for `--dist loadgroup`, and put slow ones first."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.location[0]))
    items.sort(key=lambda item: all(item.get_closest_marker(mark) is None for mark in SLOW))
