from tests.grading.rewriting import code_cell, rewritten


def hand_in(folder):
    with rewritten(folder) as document:
        for name in ("smallest-dtype", "quantize-codes", "size-table", "float-bytes-answer", "begin"):
            role = {"grade_id": name, "grade": True, "points": 100, "solution": True, "schema_version": 3}
            document["cells"].append(code_cell("float_bytes = 4_000; 5.0", name, nbgrader=role))
