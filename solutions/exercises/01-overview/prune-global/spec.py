import torch

from quizlib import zoo
from quizlib.authoring import ExerciseSpec, exactly, matching

from ..common import LAYERS, PRUNE_SETUP


def oracle_global_pruning():
    given = {name: layer.weight.detach() for name, layer in zoo.digits_mlp().named_children() if name in LAYERS}
    magnitudes = torch.cat([weight.abs().flatten() for weight in given.values()])
    # The count is rounded up; the largest removed weight is negative, and 4e-4 of it away from the largest positive
    # removed one and from the smallest that is kept.
    count = round(0.305 * magnitudes.numel())
    threshold = magnitudes.kthvalue(count).values
    return {
        "zeros": count,
        "sparsity": {name: float((weight.abs() <= threshold).float().mean()) for name, weight in given.items()},
        "threshold": float(threshold),
        "weight_bytes": 4 * magnitudes.numel(),
    }


EXERCISE = ExerciseSpec(
    title="Prune the model as a whole",
    response="value",
    name="global_pruning",
    setup=PRUNE_SETUP,
    hints=(
        "`global_unstructured` takes a list of pairs `(layer, 'weight')` and ranks them all together.",
        "A layer's fraction of zeros is `float((layer.weight == 0).float().mean())`.",
        "`mlp` still has the weights from before; the zeros of the pruned copy say which of them were removed.",
    ),
    criteria=(
        exactly("zeros", "The weights together have sparsity 0.305", part="zeros"),
        matching(
            "sparsity",
            "Each layer's fraction of zeros comes from one threshold",
            points=2,
            part="sparsity",
            rtol=0,
            atol=1e-5,
        ),
        matching(
            "threshold",
            "The threshold parts the removed weights from the kept ones",
            part="threshold",
            rtol=1e-6,
            atol=0,
        ),
        exactly("weight-bytes", "Zeros take as many bytes as other numbers", part="weight_bytes"),
    ),
    reference=oracle_global_pruning,
)
