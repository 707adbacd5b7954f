from tests.grading.rewriting import rewritten


def hand_in(folder):
    with rewritten(folder) as document:
        for cell in document["cells"]:
            if cell["id"].endswith("-answer"):
                cell["source"] = "\f\n" + "".join(cell["source"]).replace("\n", " \r\n") + "\r\n\x0c"
