"""Kind (a): calls and attributes exchanged, left out, or given other arguments."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from quizlib.mutants.casts import METHODS
from quizlib.mutants.parsed import OPTIMIZES, TRAINING, Parsed
from quizlib.mutants.places import SEEDS, WITHOUT_EFFECT, Place
from quizlib.mutants.rounding import RULES
from quizlib.mutants.syntax import but, constant, first_name, is_of_class, last_name
from quizlib.mutants.undone import COPIES

_PAIRS = (
    ("min", "max"),
    ("amin", "amax"),
    ("argmin", "argmax"),
    ("minimum", "maximum"),
    ("any", "all"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("weight", "bias"),
    ("eval", "train"),
    ("keys", "values"),
    ("children", "modules"),
    ("named_children", "named_modules"),
    ("quantile", "percentile"),
    ("height", "width"),
)

NEIGHBOURS = {
    **{one: other for pair in _PAIRS for one, other in (pair, pair[::-1])},
    "sum": "mean",
    "mean": "sum",
    "median": "mean",
    "cumsum": "sum",
    "log": "log2",
    "log2": "log",
    "log10": "log",
    "prod": "sum",
    "l1_unstructured": "random_unstructured",
    "L1Unstructured": "RandomUnstructured",
    "PerGroup": "PerAxis",
    "nbytes": "numel",
    "element_size": "numel",
}
"""Functions, methods and attributes, and the one that is taken for each by mistake."""

BUILT_IN = {"min": "max", "max": "min", "any": "all", "all": "any", "sum": "max", "sorted": "list"}
"""Likewise for what Python has built in."""

PARTS = frozenset({"children", "items", "keys", "modules", "parameters", "state_dict", "values"})
"""Methods that give the parts of an object, which nobody forgets."""

TELLING = frozenset({"abs", "max", "min", "sorted", "sum"})
"""Functions built into Python without which something is left that runs."""

OF_OTHER_KINDS = frozenset({"to", "astype", *METHODS, *RULES, *COPIES})
"""Calls that mutants of another kind leave out."""

KEPT = (frozenset(dir(builtins)) - TELLING) | PARTS | OF_OTHER_KINDS | SEEDS | {"detach", "item"}
"""Calls that are not left out here."""

COMMUTATIVE = frozenset({"min", "max", "minimum", "maximum", "isinstance", "isclose", "allclose", "array_equal"})
"""Calls whose arguments may change places, or must not."""

SPELT_OUT = {
    "compress": {"compresslevel"},
    "fit": {"batch_size", "epochs"},
    "load": {"weights_only"},
    "quantize_dynamic": {"dtype"},
}
"""Keywords that say what the call does without them as well, or nearly so."""

CLIPS = frozenset({"clip", "clamp"})


def neighbour(place: Place, parsed: Parsed) -> Iterator[ast.expr]:
    """Yield the function, method or attribute that is taken by mistake, and a transposed array as it is."""
    match place.node:
        case ast.Name(id=name) if place.is_called and name in BUILT_IN and name not in parsed.given:
            yield ast.Name(BUILT_IN[name])
        case ast.Attribute(attr=name) as node if name in NEIGHBOURS:
            yield but(node, attr=NEIGHBOURS[name])
        case ast.Attribute(attr="T", value=value):
            yield value


def left_out(place: Place, parsed: Parsed) -> Iterator[ast.expr]:
    """Yield what a call is given instead of what it makes of it: its object, or its first argument."""
    node = place.node
    if not isinstance(node, ast.Call) or last_name(node).removeprefix("named_") in KEPT:
        return
    if place.is_called or isinstance(place.owner, ast.Expr):  # a statement is left out as a whole
        return
    if parsed.is_training and last_name(node) in TRAINING:
        return
    given = _given(node, parsed)
    if given is not None and not isinstance(given, ast.GeneratorExp | ast.Starred | ast.Constant | ast.Lambda):
        yield given


def _given(call: ast.Call, parsed: Parsed) -> ast.expr | None:
    """Return the object of a method, or the first argument of a function; None for a class."""
    if is_of_class(call):
        return None
    if isinstance(call.func, ast.Attribute) and first_name(call.func) not in parsed.modules:
        return call.func.value
    return call.args[0] if call.args else None


def arguments(place: Place) -> Iterator[ast.expr]:
    """Yield a call without each of its keywords, and with each two neighbouring arguments exchanged."""
    node = place.node
    if not isinstance(node, ast.Call) or last_name(node) in SEEDS | OPTIMIZES:
        return
    for at, keyword in enumerate(node.keywords):
        if keyword.arg not in WITHOUT_EFFECT and keyword.arg not in SPELT_OUT.get(last_name(node), ()):
            yield but(node, keywords=[*node.keywords[:at], *node.keywords[at + 1 :]])
    if last_name(node) in COMMUTATIVE:
        return
    is_clip = last_name(node) in CLIPS and len(node.args) == 3
    for at in range(is_clip, len(node.args) - 1):  # clip(lower, x, upper) is clip(x, lower, upper)
        if _is_number_like(node.args[at]) and _is_number_like(node.args[at + 1]):
            yield but(node, args=[*node.args[:at], node.args[at + 1], node.args[at], *node.args[at + 2 :]])


def _is_number_like(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float)
    return isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.BinOp | ast.UnaryOp | ast.Call)


def bounds(place: Place, parsed: Parsed) -> Iterator[ast.expr]:
    """Yield a clip or a clamp without its lower and without its upper bound."""
    node = place.node
    if not isinstance(node, ast.Call) or last_name(node) not in CLIPS or node.keywords:
        return
    is_function = first_name(node.func) in parsed.modules
    before, limits = (node.args[:1], node.args[1:]) if is_function else ([], node.args)
    if len(limits) == 2:
        yield but(node, args=[*before, constant(None), limits[1]])
        yield but(node, args=[*before, limits[0], constant(None)])
