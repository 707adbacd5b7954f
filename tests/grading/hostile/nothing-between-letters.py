from tests.grading.rewriting import cell_of, code_cell, rewritten, text_cell

ODD = "\x00 a \ud800 \x1b[31m \u202e \ufeff \x85 \u2028 \x08 \x7f </script>"


def hand_in(folder):
    with rewritten(folder) as document:
        odd = [code_cell(ODD, "odd"), text_cell(ODD, "told"), code_cell(f"print({ODD[5:]!r} * 9)", "prints")]
        document["cells"] += odd
        cell_of(document, "size-table-answer")["source"] += [f"\n# {ODD[3:]}"]
