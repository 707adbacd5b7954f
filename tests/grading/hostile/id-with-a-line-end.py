from tests.grading.rewriting import code_cell, rewritten


def hand_in(folder):
    with rewritten(folder) as document:
        names = ["mine\n", "\n", "x" * 5_000, 7, None, ["mine"], "admission-notice", "submitted-0", "mine", "mine"]
        document["cells"] += [code_cell("1 + 1", name) for name in names]
