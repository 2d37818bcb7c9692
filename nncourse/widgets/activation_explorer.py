"""A curve above its slope, with a point that walks along both: where does a neuron hear a correction? (chapter 04)"""

from __future__ import annotations

import math

import traitlets as t

from nncourse import activations
from nncourse.widgets.base import Widget, self_contained

TITLES = {
    "step": "step",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "elu": "ELU",
    "softplus": "softplus",
    "gelu": "GELU",
    "linear": "linear",
}
FAR = 6.0  # the scores run from -FAR to FAR
LITTLE = 0.01  # a slope nearer to 0 than this, here and further out, counts as saturated


def verdict(name: str, z: float) -> str:
    """One word for what a neuron of this kind hears of a correction at the score z.

    "flat" (a step, anywhere), "silent" (a ReLU that answers 0), "leaking" (a leaky ReLU on its leak), "saturated" (the
    slope is nearer to 0 than `LITTLE`, at z and at every score further out), or "open".
    """
    if name == "step":
        return "flat"
    if z <= 0 and name in ("relu", "leaky_relu"):
        return {"relu": "silent", "leaky_relu": "leaking"}[name]
    outward = [z + math.copysign(k / 10, z) for k in range(100)]
    return "saturated" if max(abs(activations.get(name).derivative(outward))) < LITTLE else "open"


class ActivationExplorer(Widget):
    """An activation above its derivative, a point that walks along both, and a second activation to compare.

    `function` and `other` are names of `nn.activations` that work score by score ("none" compares with nothing), `z` is
    the score, from -6 to 6, and `zones` marks the scores at which a neuron hardly hears a correction.
    """

    _esm = self_contained("activation_explorer.js")
    height = 560

    function = t.Unicode("tanh", help="the curve that is drawn solid").tag(sync=True)
    other = t.Unicode("none", help="the curve that is drawn dashed, or none").tag(sync=True)
    z = t.Float(1.0, help="the score").tag(sync=True)
    zones = t.Bool(True, help="mark where the slope is about 0").tag(sync=True)

    def __init__(self, function: str = "tanh", other: str = "none", z: float = 1.0, **settings):
        super().__init__(function=function, other=other, z=z, **settings)

    @t.validate("function", "other")
    def _check_name(self, proposal):
        known = [*TITLES, "none"] if proposal["trait"].name == "other" else [*TITLES]
        if proposal["value"] not in known:
            raise t.TraitError(
                f"{proposal['trait'].name} must be one of {', '.join(known)}, got {proposal['value']!r}. Try 'tanh'."
            )
        return proposal["value"]

    @t.validate("z")
    def _check_score(self, proposal):
        if not -FAR <= proposal["value"] <= FAR:
            raise t.TraitError(f"z must be a number from {-FAR:g} to {FAR:g}, got {proposal['value']}. Try 2.0.")
        return proposal["value"]

    def answers(self) -> dict[str, tuple[float, float, str]]:
        """For each curve that is drawn: its value at z, its slope there, and the word of `verdict`."""
        drawn = [name for name in dict.fromkeys((self.function, self.other)) if name != "none"]
        curves = {name: activations.get(name) for name in drawn}
        return {
            name: (float(f(self.z)), float(f.derivative(self.z)), verdict(name, self.z)) for name, f in curves.items()
        }

    def describe(self) -> str:
        told = [
            f"{TITLES[name]} has the value {value:.3f} and the slope {slope:.3g}"
            + ("" if word == "open" else f" ({word})")
            for name, (value, slope, word) in self.answers().items()
        ]
        return f"At the score {self.z:g}, {'; '.join(told)}. Walking along the curve and its slope needs JavaScript."

    def __repr__(self) -> str:
        return f"ActivationExplorer(function={self.function!r}, other={self.other!r}, z={self.z:g})"
