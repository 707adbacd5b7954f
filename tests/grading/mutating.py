"""Random changes to JSON documents, for tests of what is made of them; `make soak` tries many times as many."""

import copy
import json
import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

TIMES = int(os.environ.get("QUIZLIB_SOAK", "1"))
"""How many times as much is tried."""


def some(examples):
    """Return hypothesis' settings for so many examples, as many times as is asked for."""
    return settings(max_examples=examples * TIMES, deadline=None, suppress_health_check=list(HealthCheck))


DEEP = json.loads("[" * 60 + "]" * 60)
KINDS = ("array", "quantized", "sparse", "blob", "name", "zoo", "unreadable", "torch_model", "keras_model", "list")
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 2**31, 2**63, -(2**63), 10**400, 1e308, -0.0, 5e-324, float("nan"), float("inf")]),
    st.sampled_from(["", "\ud800", "\x00", "a" * 20_001, "9" * 5_000, "[0x" + "f" * 5_000 + "]", "a0", "int8", *KINDS]),
    st.sampled_from([[], {}, DEEP, [[]] * 300, {"kind": "array"}, {"kind": "dict", "items": [["9" * 5_000, 1]]}]),
    st.text(),
    st.integers(),
)
CHANGES = st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(["put", "drop", "twice"]), ODD), max_size=4)


def places(node):
    """Return each container of a JSON document with each of its keys."""
    match node:
        case dict():
            inner = list(node.items())
        case list():
            inner = list(enumerate(node))
        case _:
            return []
    return [(node, key) for key, _ in inner] + [place for _, value in inner for place in places(value)]


def mutated(content, changes):
    """Return a JSON document, as bytes, with some of its values put in place of others, dropped or doubled."""
    document = json.loads(content)
    for at, how, value in changes:
        found = places(document)
        if not found:
            break
        container, key = found[at % len(found)]
        match how:
            case "put":
                container[key] = copy.deepcopy(value)
            case "drop":
                del container[key]
            case "twice":
                container[key] = [container[key], copy.deepcopy(container[key])]
    return json.dumps(document).encode()
