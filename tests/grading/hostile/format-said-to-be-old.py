from tests.grading.rewriting import rewritten


def hand_in(folder):
    with rewritten(folder) as document:
        cells = document.pop("cells")
        document["nbformat"] = True
        document["worksheets"] = [7, {"cells": {"a": 1}}, {"cells": [cells, None, {"cell_type": ["code"]}]}]
