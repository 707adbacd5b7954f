"""Trains the checkpoints of the zoo: `python -m quizlib.zoo.train`; `--check` compares a fresh training with them."""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import torch
from safetensors.numpy import save
from torch import nn

from quizlib.zoo.arrays import CHECKPOINTS, read_checkpoint, read_manifest
from quizlib.zoo.digits import load_digits
from quizlib.zoo.torch_models import ARCHITECTURES, arrays_of, digits_inputs, load_arrays

# Another processor rounds otherwise and ends at other weights, as another seed would.
# 0.02 is 7 of the 360 test images: above what a change of seed moves, far below what a wrong recipe loses.
ACCURACY_BOUND = 0.02


@dataclass(frozen=True)
class Recipe:
    """How one model is trained: Adam with a cosine schedule on batches of 32.

    Attributes:
        epochs: Passes over the training part.
        seed: Of the initial weights and of the order of the images.
    """

    epochs: int
    seed: int


RECIPES = {
    "digits_cnn": Recipe(epochs=15, seed=2),
    "digits_lstm": Recipe(epochs=40, seed=6),
    "digits_mlp": Recipe(epochs=20, seed=1),
    "digits_residual": Recipe(epochs=30, seed=4),
}


def train(name: str) -> nn.Module:
    """Return the model `name`, trained from its seed in a few seconds, in evaluation mode.

    torch's own random state stays as it was.
    """
    recipe = RECIPES[name]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        model = ARCHITECTURES[name]().train()
        digits = load_digits()
        _fit(model, digits_inputs(name, digits, "train"), torch.from_numpy(digits.y_train), recipe.epochs)
    return model.eval()


@torch.no_grad()
def accuracy(name: str, model: nn.Module) -> float:
    """Return the share of the 360 test images that `model` gets right, 0 to 1."""
    digits = load_digits()
    predicted = model(digits_inputs(name, digits, "test")).argmax(dim=1)
    return float((predicted == torch.from_numpy(digits.y_test)).double().mean())


def _fit(model: nn.Module, x: torch.Tensor, y: torch.Tensor, epochs: int) -> None:
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    for _ in range(epochs):
        for batch in torch.split(torch.randperm(len(x)), 32):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x[batch]), y[batch])
            loss.backward()  # type: ignore[no-untyped-call] # torch leaves it without types
            optimizer.step()
        schedule.step()


def write_checkpoints() -> None:
    """Train every model and write its checkpoint and the manifest."""
    models = {}
    for name, recipe in RECIPES.items():
        model = train(name)
        content = save(arrays_of(model))
        (CHECKPOINTS / f"{name}.safetensors").write_bytes(content)
        models[name] = {
            "file": f"{name}.safetensors",
            "seed": recipe.seed,
            "test_accuracy": round(accuracy(name, model), 4),
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        print(f"{name}: test accuracy {models[name]['test_accuracy']}")
    libraries = {library: version(library) for library in ("numpy", "safetensors", "scikit-learn", "torch")}
    manifest = json.dumps({"models": models, "libraries": libraries}, indent=2)
    (CHECKPOINTS / "manifest.json").write_text(manifest + "\n", encoding="utf-8")


def faults(name: str) -> list[str]:
    """Return what is wrong with one checkpoint: bytes other than recorded, or an accuracy that does not repeat."""
    recorded: dict[str, Any] = read_manifest()["models"][name]
    found = []
    digest = hashlib.sha256((CHECKPOINTS / recorded["file"]).read_bytes()).hexdigest()
    if digest != recorded["sha256"]:
        found.append(f"{recorded['file']} has sha256 {digest}, but the manifest records {recorded['sha256']}")
    shipped = load_arrays(ARCHITECTURES[name](), read_checkpoint(name))  # raises where shapes differ
    for label, model in (("the checkpoint", shipped), ("a fresh training", train(name))):
        measured = accuracy(name, model)
        if abs(measured - recorded["test_accuracy"]) > ACCURACY_BOUND:
            found.append(
                f"{label} has test accuracy {measured:.4f}, "
                f"but the manifest records {recorded['test_accuracy']} (bound {ACCURACY_BOUND})"
            )
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, or 1 if `--check` found a fault."""
    parser = argparse.ArgumentParser(
        prog="python -m quizlib.zoo.train",
        description="Train the zoo's checkpoints from their seeds.",
        epilog="example: python -m quizlib.zoo.train --check",
    )
    parser.add_argument("--check", action="store_true", help="train afresh and compare; write nothing")
    if not parser.parse_args(arguments).check:
        write_checkpoints()
        return 0
    status = 0
    for name in RECIPES:
        found = faults(name)
        status = 1 if found else status
        print(f"{name}: {'; '.join(found) or 'ok'}", file=sys.stderr if found else sys.stdout)
    return status


if __name__ == "__main__":
    sys.exit(main())
