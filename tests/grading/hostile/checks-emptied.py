from tests.grading.rewriting import cell_of, rewritten


def hand_in(folder):
    with rewritten(folder) as document:
        cell_of(document, "smallest-dtype")["source"] = ""
        cell_of(document, "float-bytes").update(cell_type="markdown", source="# Done")
        cell_of(document, "quantize-codes").update(cell_type="raw", source=["5.0", 7, None])
        cell_of(document, "size-table").update(source={"check": 1}, metadata=[1], outputs="2.0")
