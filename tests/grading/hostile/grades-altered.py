from tests.grading.rewriting import cell_of, rewritten

ALTERED = {
    "smallest-dtype": {"points": 1e308, "schema_version": 99},
    "float-bytes": {"points": -5, "grade": False, "solution": True},
    "quantize-codes": {"points": "NaN", "task": True, "locked": "no", "checksum": [1]},
    "size-table": {"points": None, "grade_id": ["size-table"], "cell_type": "markdown"},
}


def hand_in(folder):
    with rewritten(folder) as document:
        for name, altered in ALTERED.items():
            cell_of(document, name)["metadata"]["nbgrader"].update(altered)
