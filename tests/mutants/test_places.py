import ast

from quizlib.mutants.places import lines, places

SOURCE = """
@decorated(1)
def answer(x: Annotated[int, 2], y=3):
    def inner(z: "text"):
        return z + 4
    if x > 5:
        raise ValueError("six", 6)
    torch.manual_seed(7)
    a[8] = f"{x + 9}"
    for row in range(10):
        b = zip(row, strict=True)
        converter.representative_dataset = lambda: x[:100]
    return lambda c=11: c
"""


def found():
    return [(line, place) for line in lines(ast.parse(SOURCE), frozenset({"given"})) for place in places(line)]


def test_places_are_what_a_mutant_may_change_and_nothing_else():
    constants = [place.node.value for _, place in found() if isinstance(place.node, ast.Constant)]

    assert constants == [3, 4, 5, 8, 10]


def test_line_knows_what_is_bound_before_it_and_where_it_stands():
    bound = {ast.unparse(line.statement).splitlines()[0]: line for line, _ in found()}

    assert bound["return z + 4"].bound == {"given", "x", "y", "z"}
    assert bound["b = zip(row, strict=True)"].bound == {"given", "x", "y", "inner", "row"}
    assert [type(loop) for loop in bound["b = zip(row, strict=True)"].loops] == [ast.For]
    assert bound["return z + 4"].scope.name == "inner"


def test_lines_of_handlers_and_cases_are_found():
    tree = ast.parse("try:\n    a()\nexcept E:\n    b()\nfinally:\n    c()\nmatch x:\n    case 1:\n        d()")

    assert [ast.unparse(line.statement) for line in lines(tree, frozenset())][1:4] == ["a()", "c()", "b()"]
    assert ast.unparse(list(lines(tree, frozenset()))[-1].statement) == "d()"


def test_change_leaves_the_tree_as_it_is_and_an_empty_block_passes():
    tree = ast.parse("if x:\n    y = 1")
    before = ast.dump(tree)
    inner = list(lines(tree, frozenset()))[1]
    change = inner.change("a", "without it")

    assert ast.dump(tree) == before
    assert [type(statement) for statement in change.value] == [ast.Pass]
    assert change.label == "line 2: without it"
