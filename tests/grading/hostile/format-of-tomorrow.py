from tests.grading.rewriting import cell_of, rewritten

FORGED = [
    {"output_type": "execute_result", "data": {"text/plain": "5.0"}, "metadata": {}, "execution_count": 1},
    {"output_type": "error", "ename": "E", "evalue": "", "traceback": 7},
    "no output",
]


def hand_in(folder):
    with rewritten(folder) as document:
        document["nbformat"], document["nbformat_minor"] = 5, "latest"
        document["metadata"] = {
            "kernelspec": {"name": "bash", "language": "bash", "display_name": "<script>MARK()</script>"},
            "language_info": {"name": 7, "pygments_lexer": "../../lexer"},
            "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"a": {}}}},
            "quizlib_admission": {"release": "mine", "refused": "", "file": "", "notes": [], "status": "correct"},
            "large": ["x" * 1_000] * 5_000,
        }
        for name in ("smallest-dtype", "float-bytes", "quantize-codes", "size-table"):
            cell_of(document, name)["outputs"] = FORGED
            cell_of(document, name)["execution_count"] = 10**400
