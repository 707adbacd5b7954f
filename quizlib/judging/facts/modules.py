"""Facts about the modules of a torch model and the layers of a tf_keras model: their classes, and what is left over."""

from __future__ import annotations

from quizlib import measures
from quizlib.errors import KindError
from quizlib.evidence.values import Array, KerasModel, Plain, TorchModel, ZooModel
from quizlib.items.exercise import Condition
from quizlib.judging.facts.arrays import MODELS, keras_layers, listed, original_model, stored, torch_modules
from quizlib.judging.facts.registry import FactContext, fact, place_of

PRUNING_VARIABLES = ("mask", "threshold", "pruning_step")
"""What `prune_low_magnitude` adds to the weights of a layer."""


@fact(
    unit="modules",
    of=MODELS,
    self_reported=True,
    sentence="the model has {value:module} of class {ends_with}, where {asked:module}{place}",
)
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
    return sum(name.endswith(ends_with) for name in _class_names(model))


def _class_names(model: Plain) -> list[str]:
    match model:
        case TorchModel():
            return [module.class_name for module in model.modules]
        case KerasModel():
            return [layer.class_name for layer in model.layers]
    raise KindError("expected a model")


@place_of(modules_of_class)
def _classes(model: Plain, context: FactContext, condition: Condition) -> str:
    """Return the classes that a model is made of where none is of the kind in question."""
    names = _class_names(model)
    if any(name.endswith(condition.args["ends_with"]) for name in names):
        return ""
    return f"it has {listed(sorted({name.rpartition('.')[2] for name in names}))}"


@fact(
    unit="traces",
    of=(TorchModel,),
    self_reported=True,
    sentence="the model still has {value:trace} of pruning, where {asked:trace}{place}",
)
def pruning_leftovers(model: Plain, context: FactContext) -> int:
    """Return how many traces of pruning are left: hooks, a `…_orig` beside its `…_mask`, parametrizations.

    Raises:
        FactError: it is no torch model.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.remove.html

    >>> from quizlib.judging.facts.example import model
    >>> pruning_leftovers(model(weight=[0.0], weight_orig=[1.0], weight_mask=[0.0]), FactContext())
    2
    """
    return len(_traces(model))


def _traces(model: Plain) -> list[str]:
    hooks = [f"a hook of {each.name}" for each in torch_modules(model) for hook in each.hooks if "prune" in hook]
    return [*hooks, *measures.leftover_wrappers(list(stored(model)))]


@place_of(pruning_leftovers)
def _first_traces(model: Plain, context: FactContext, condition: Condition) -> str:
    return listed(_traces(model))


@fact(
    unit="layers",
    of=(KerasModel,),
    self_reported=True,
    sentence="the model still has {value:wrapped layer}, where {asked:layer}{place}",
)
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


@place_of(wrappers_left)
def _wrapped_layers(model: Plain, context: FactContext, condition: Condition) -> str:
    return listed([layer.name for layer in keras_layers(model) if layer.wraps])


@fact(
    unit="variables",
    of=(KerasModel,),
    sentence="the model still stores {value:variable} of pruning, where {asked:variable}{place}",
)
def mask_variables(model: Plain, context: FactContext) -> int:
    """Return how many mask, threshold and step variables of pruning the model still stores.

    Raises:
        FactError: it is no Keras model.

    >>> from quizlib.evidence.values import KerasLayer, Unreadable
    >>> weights = dict.fromkeys(["kernel", "mask", "threshold"], Unreadable("Variable", "is not shown here"))
    >>> mask_variables(KerasModel((KerasLayer("output", "Dense", "", {}, weights),)), FactContext())
    2
    """
    return len(_pruning_variables(model))


def _pruning_variables(model: Plain) -> list[str]:
    named = [(layer.name, name) for layer in keras_layers(model) for name in layer.weights]
    return [f"{layer}/{name}" for layer, name in named if name.rstrip("_0123456789") in PRUNING_VARIABLES]


@place_of(mask_variables)
def _first_pruning_variables(model: Plain, context: FactContext, condition: Condition) -> str:
    return listed(_pruning_variables(model))


@fact(
    unit="tensors",
    of=(TorchModel,),
    self_reported=True,
    sentence="a file of the state dict would lack {value:tensor} of the model, where {asked:tensor}{place}",
)
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
    return len(_unsaved(model, names))


def _unsaved(model: Plain, names: list[str] | None) -> list[str]:
    unsaved = ((module.name, module.settings.get("unsaved", [])) for module in torch_modules(model))
    found = [(module, name) for module, lacking in unsaved if isinstance(lacking, list) for name in lacking]
    return [f"{module}.{name}" for module, name in found if names is None or name in names]


@place_of(unsaved_tensors)
def _first_unsaved(model: Plain, context: FactContext, condition: Condition) -> str:
    return listed(_unsaved(model, condition.args.get("names")))


@fact(
    unit="tensors",
    of=(TorchModel,),
    self_reported=True,
    sentence="the model has {value:tensor} called {names} outside of its buffers, where {asked:tensor}{place}",
)
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
    return len(_no_buffers(model, names))


def _no_buffers(model: Plain, names: list[str]) -> list[str]:
    found = []
    for module in torch_modules(model):
        buffers = module.settings.get("buffers", [])
        known = buffers if isinstance(buffers, list) else []
        found += [f"{module.name}.{name}" for name in names if name in module.tensors and name not in known]
    return found


@place_of(tensors_not_buffers)
def _first_no_buffers(model: Plain, context: FactContext, condition: Condition) -> str:
    return listed(_no_buffers(model, condition.args["names"]))


@fact(
    unit="tensors",
    of=(TorchModel,),
    self_reported=True,
    sentence="{value:tensor} of the original can be trained no more, being no parameter, where {asked:tensor}{place}",
)
def lost_parameters(model: Plain, context: FactContext, *, origin: str | None = None) -> int:
    """Return how many parameters of the original are buffers or plain attributes now, which no optimizer is given.

    A weight that a mask of `torch.nn.utils.prune` computes from its `…_orig` is not lost.

    Args:
        origin: The original.

    Raises:
        FactError: it is no torch model. SpecError: there is no original.

    >>> from quizlib.judging.facts.example import model
    >>> buffered = model(settings={"buffers": ["output.bias"]}, **{"output.bias": [0.5]})
    >>> lost_parameters(buffered, FactContext(), origin="digits_mlp")
    1
    """
    return len(_lost_parameters(model, context.zoo_model(origin)))


def _lost_parameters(model: Plain, given: ZooModel) -> list[str]:
    before, held = original_model(given), stored(model)
    wanted = set(stored(before)) - set(_no_parameters(before))
    return [name for name in _no_parameters(model) if name in wanted and f"{name}_orig" not in held]


def _no_parameters(model: Plain) -> list[str]:
    """Return the names of buffers and of tensors that are plain attributes."""
    found: list[str] = []
    for module in torch_modules(model):
        kinds = (module.settings.get(key, []) for key in ("buffers", "unsaved"))
        named = {name for kind in kinds if isinstance(kind, list) for name in kind if isinstance(name, str)}
        found += [f"{module.name}.{name}".lstrip(".") for name in sorted(named)]
    return found


@place_of(lost_parameters)
def _first_lost_parameters(model: Plain, context: FactContext, condition: Condition) -> str:
    return listed(_lost_parameters(model, context.zoo_model(condition.args.get("origin"))))


@fact(
    unit="sizes",
    of=(TorchModel,),
    sentence="the layers tell {value:size} of themselves that their weights do not have, where {asked:size}{place}",
)
def sizes_off(model: Plain, context: FactContext) -> int:
    """Return how many attributes such as `out_channels` tell another size than the weight beside them has.

    Raises:
        FactError: it is no torch model.

    >>> from quizlib.judging.facts.example import model
    >>> sizes_off(model(settings={"in_features": 3, "out_features": 1}, weight=[[0.5, 1.0]]), FactContext())
    1
    """
    return len(_sizes_off(model))


def _sizes_off(model: Plain) -> list[str]:
    """Return the names of such attributes, with their modules; transposed convolutions have other axes, and none."""
    found = []
    for module in torch_modules(model):
        weight = module.tensors.get("weight")
        if not isinstance(weight, Array) or "Transpose" in module.class_name:
            continue
        sizes = dict(zip(("out", "in"), weight.values.shape, strict=False))
        groups = module.settings.get("groups", 1)
        for name, told in module.settings.items():
            axis = "out" if name == "num_features" else name.partition("_")[0]
            if not name.endswith(("_features", "_channels")) or axis not in sizes:
                continue
            size = sizes[axis] * (groups if name == "in_channels" and isinstance(groups, int) else 1)
            found += [f"{module.name}.{name}"] * (told != size)
    return found


@place_of(sizes_off)
def _first_size_off(model: Plain, context: FactContext, condition: Condition) -> str:
    return listed(_sizes_off(model))
