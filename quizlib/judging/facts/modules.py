"""Facts about the modules of a torch model and the layers of a tf_keras model: their classes, and what is left over."""

from __future__ import annotations

from quizlib import measures
from quizlib.errors import KindError
from quizlib.evidence.values import KerasModel, Plain, TorchModel
from quizlib.judging.facts.arrays import MODELS, keras_layers, stored, torch_modules
from quizlib.judging.facts.registry import FactContext, fact

PRUNING_VARIABLES = ("mask", "threshold", "pruning_step")
"""What `prune_low_magnitude` adds to the weights of a layer."""


@fact(unit="modules", of=MODELS, self_reported=True)
def modules_of_class(model: Plain, context: FactContext, *, ends_with: str) -> int:
    """Return how many modules or layers have a class name that ends so.

    Args:
        ends_with: End of a qualified class name, such as `"dynamic.modules.linear.Linear"`.

    Raises:
        KindError: it is no model.

    >>> from quizlib.judging.facts.example import model
    >>> modules_of_class(model("torch.nn.Linear"), FactContext(), ends_with=".Linear")
    1
    """
    match model:
        case TorchModel():
            return sum(module.class_name.endswith(ends_with) for module in model.modules)
        case KerasModel():
            return sum(layer.class_name.endswith(ends_with) for layer in model.layers)
    raise KindError("expected a model")


@fact(unit="traces", of=(TorchModel,), self_reported=True)
def pruning_leftovers(model: Plain, context: FactContext) -> int:
    """Return how many traces of pruning are left: hooks, a `…_orig` beside its `…_mask`, parametrizations.

    Raises:
        FactError: it is no torch model.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.remove.html

    >>> from quizlib.judging.facts.example import model
    >>> pruning_leftovers(model(weight=[0.0], weight_orig=[1.0], weight_mask=[0.0]), FactContext())
    2
    """
    hooks = sum("prune" in hook for module in torch_modules(model) for hook in module.hooks)
    return hooks + len(measures.leftover_wrappers(list(stored(model))))


@fact(unit="layers", of=(KerasModel,), self_reported=True)
def wrappers_left(model: Plain, context: FactContext) -> int:
    """Return how many layers are still wrapped, as `prune_low_magnitude` and `quantize_annotate` leave them.

    Raises:
        FactError: it is no Keras model.

    >>> from quizlib.evidence.values import KerasLayer
    >>> layer = KerasLayer("prune_low_magnitude_output", "PruneLowMagnitude", "Dense", {}, {})
    >>> wrappers_left(KerasModel((layer,)), FactContext())
    1
    """
    return sum(bool(layer.wraps) for layer in keras_layers(model))


@fact(unit="variables", of=(KerasModel,))
def mask_variables(model: Plain, context: FactContext) -> int:
    """Return how many mask, threshold and step variables of pruning the model still stores.

    Raises:
        FactError: it is no Keras model.

    >>> from quizlib.evidence.values import KerasLayer, Unreadable
    >>> weights = dict.fromkeys(["kernel", "mask", "threshold"], Unreadable("Variable", "is not shown here"))
    >>> mask_variables(KerasModel((KerasLayer("output", "Dense", "", {}, weights),)), FactContext())
    2
    """
    names = [name for layer in keras_layers(model) for name in layer.weights]
    return sum(name.rstrip("_0123456789") in PRUNING_VARIABLES for name in names)


@fact(unit="tensors", of=(TorchModel,), self_reported=True)
def unsaved_tensors(model: Plain, context: FactContext, *, names: list[str] | None = None) -> int:
    """Return how many tensors a file of the state dict lacks: plain attributes, and buffers that do not persist.

    Args:
        names: Names of tensors within their module, such as `["codes", "scale"]`, that count; without it, all.

    Raises:
        FactError: it is no torch model.

    >>> from quizlib.judging.facts.example import model
    >>> unsaved_tensors(model(settings={"unsaved": ["scale"]}, scale=[0.5]), FactContext())
    1
    """
    unsaved = (module.settings.get("unsaved", []) for module in torch_modules(model))
    found = [name for lacking in unsaved if isinstance(lacking, list) for name in lacking]
    return sum(names is None or name in names for name in found)


@fact(unit="tensors", of=(TorchModel,), self_reported=True)
def tensors_not_buffers(model: Plain, context: FactContext, *, names: list[str]) -> int:
    """Return how many tensors under one of these names, in whatever module, are parameters or plain attributes.

    Args:
        names: Names of tensors within their module, such as `["codes", "scale"]`.

    Raises:
        FactError: it is no torch model.

    >>> from quizlib.judging.facts.example import model
    >>> layer = model(settings={"buffers": ["codes"]}, codes=[1.0], scale=[0.5])
    >>> tensors_not_buffers(layer, FactContext(), names=["codes", "scale"])
    1
    """
    count = 0
    for module in torch_modules(model):
        buffers = module.settings.get("buffers", [])
        known = buffers if isinstance(buffers, list) else []
        count += sum(name in module.tensors and name not in known for name in names)
    return count
