from tests.grading.rewriting import cell_of, code_cell, rewritten

TAGS = [["a", "a"], ["remove_cell", "hide-input"], [["a"], 7, None], "a", {"a": "a"}, ["a,b", "\ud800", "x" * 5_000]]


def hand_in(folder):
    with rewritten(folder) as document:
        document["cells"] += [code_cell("1 + 1", f"tagged-{at}", tags=tags) for at, tags in enumerate(TAGS)]
        cell_of(document, "size-table")["metadata"]["tags"] = ["skip-execution", "skip-execution"]
        cell_of(document, "size-table-answer")["metadata"]["tags"] = ["raises-exception"] * 2
