"""Attention over a sentence: every kind of vectors, scaled and not, hot and cold, with and without a mask."""

from nncourse.widgets import AttentionMap
from nncourse.widgets.attention_map import MASKS, VALUES, WIDTHS

SETTINGS = [
    *(
        {"vectors": name, "scaled": scaled, "mask": mask}
        for name in WIDTHS
        for scaled, mask in zip((True, False, True), MASKS, strict=True)
    ),
    {"vectors": "by hand", "temperature": 0.125, "scaled": False},
    {"vectors": "by chance, d = 64", "temperature": 16.0, "seed": 1, "mask": MASKS[1]},
    {"vectors": "by chance, d = 256", "temperature": 0.125, "seed": 10**6, "scaled": False},
]


def compute():
    """Products, shares and what is heard. A hidden score is minus infinity, which JSON cannot say: null."""
    cases = []
    for settings in SETTINGS:
        widget = AttentionMap(**settings)
        told = ("vectors", "seed", "scaled", "temperature", "mask")
        cases.append(
            {
                "settings": {key: getattr(widget, key) for key in told},
                "products": widget.products().tolist(),
                "scores": [[None if z == -float("inf") else z for z in row] for row in widget.scores().tolist()],
                "weights": widget.weights().tolist(),
                "heard": widget.heard().tolist(),
            }
        )
    return {"values": VALUES.tolist(), "cases": cases}
