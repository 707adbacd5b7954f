from tests.grading.rewriting import code_cell, rewritten


def hand_in(folder):
    with rewritten(folder) as document:
        document["cells"] += [code_cell("1", f"cell-{at}") for at in range(2_001 - len(document["cells"]))]
