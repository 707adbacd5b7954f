from tests.grading.rewriting import rewritten


def hand_in(folder):
    with rewritten(folder) as document:
        document["cells"] = [cell for cell in document["cells"] if cell["id"].endswith("-answer")][::-1]
