"""Saving: a model as a file of arrays and a page of JSON (chapter 17).

The file is an `.npz`: one array a parameter, what the optimizer remembers, and a text that names
the layers with their settings. Nothing in it is a pickle, so opening a stranger's file runs no
code.
"""

from __future__ import annotations

import inspect
import json
import os
import tempfile
from pathlib import Path

import numpy as np

from . import activations, initializers, layers, losses, optimizers, regularizers, schedules

__all__ = ["load", "save"]

FORMAT = 1
KINDS = (layers, activations, initializers, regularizers, losses, optimizers, schedules)


def settings(thing) -> dict:
    """Return what a constructor was given: its parameters are kept under their own names."""
    found = {}
    for name, parameter in inspect.signature(type(thing)).parameters.items():
        if name == "input_shape" or parameter.kind is parameter.VAR_KEYWORD:
            continue
        found[name] = getattr(thing, name)
    if isinstance(thing, optimizers.Optimizer):
        found |= {"weight_decay": thing.weight_decay, "global_clipnorm": thing.global_clipnorm}
    return found


def encode(value):
    """Return a value as JSON can hold it; objects become {"class": name, settings}."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.integer | np.floating):
        return value.item()
    if isinstance(value, tuple | list):
        return [encode(one) for one in value]
    kind = type(value)
    if callable(value) and (inspect.isfunction(value) or inspect.isbuiltin(value)):
        raise ValueError(f"a model with the function {value.__name__} in it cannot be saved: JSON holds no code.")
    return {"class": kind.__name__, **{name: encode(one) for name, one in settings(value).items()}}


def decode(value, classes):
    """Return what `encode` was given, with classes looked up by name."""
    if isinstance(value, list):
        return tuple(decode(one, classes) for one in value)
    if not isinstance(value, dict):
        return value
    arguments = {name: decode(one, classes) for name, one in value.items() if name != "class"}
    kind = classes.get(value["class"])
    if kind is None:
        raise ValueError(
            f"the file names a class that is not known here: {value['class']}. "
            f"Try load(path, custom_objects=[{value['class']}])."
        )
    several = [n for n, p in inspect.signature(kind).parameters.items() if p.kind is p.VAR_POSITIONAL]
    positional = [one for name in several for one in arguments.pop(name)]
    return kind(*positional, **arguments)


def save(model, path) -> None:
    """Write a built model to path; the file appears whole or not at all."""
    parameters = model.parameters  # an unbuilt model says so here
    page = {
        "format": FORMAT,
        "dtype": model.dtype.name,
        "input_shape": list(model.input_shape),
        "layers": [encode(layer) for layer in model.layers],
        "random": model.rng.bit_generator.state,
    }
    arrays = {"parameters": parameters}
    if model.loss is not None:
        if not all(isinstance(metric, str) for metric in model.metrics):
            raise ValueError(
                "a model with a function among its metrics cannot be saved: name them, as in ['accuracy']."
            )
        page["compiled"] = {
            "optimizer": encode(model.optimizer),
            "loss": encode(model.loss),
            "metrics": model.metrics,
            "steps": model.optimizer.steps,
        }
        arrays |= {f"optimizer.{name}": array for name, array in model.optimizer.remembered().items()}
    arrays["page"] = np.array(json.dumps(page))
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent}. Make it first, or choose another.")
    handle, draft = tempfile.mkstemp(dir=path.parent, suffix=".npz")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(draft, 0o666 & ~mask)  # readable by whoever may read the owner's other files
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def load(path, model_class, custom_objects=()):
    """Return the model in a file that `save` wrote."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
        page = json.loads(str(arrays.pop("page")))
        known = page["format"] == FORMAT
    except FileNotFoundError:
        raise
    except Exception as error:
        raise ValueError(f"{path} is not a model that Sequential.save wrote, or it is damaged.") from error
    if not known:
        raise ValueError(f"{path} has format {page['format']}, this version reads {FORMAT}. Update nncourse.")
    classes = {name: kind for module in KINDS for name, kind in vars(module).items() if isinstance(kind, type)}
    if isinstance(custom_objects, dict):  # as in Keras
        custom_objects = custom_objects.values()
    classes |= {kind.__name__: kind for kind in custom_objects}
    classes["Activation"] = layers.Activation  # the layer, not the base class of the functions
    model = model_class([decode(layer, classes) for layer in page["layers"]], dtype=page["dtype"])
    if not model.built:
        model.build(tuple(page["input_shape"]))
    model.parameters = arrays["parameters"]
    model.rng.bit_generator.state = page["random"]
    if "compiled" in page:
        told = page["compiled"]
        rule = told["optimizer"]
        at_rest = rule.get("learning_rate") == 0  # training may end at a rate of 0, but no rule is made with it
        rule = decode(rule | {"learning_rate": 1.0} if at_rest else rule, classes)
        model.compile(rule, decode(told["loss"], classes), told["metrics"])
        if at_rest:
            model.optimizer.learning_rate = 0
        memory = {name.partition(".")[2]: array for name, array in arrays.items() if name.startswith("optimizer.")}
        model.optimizer.recall(told["steps"], memory)
    return model
