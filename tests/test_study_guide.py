"""The Keras listings of the study guide run here when only their imports change.

The guide is no part of this project: its path is read from `STUDY_GUIDE`. Its listings lean on one another and on
names that it never defines; what is missing is supplied below, listing by listing, and nothing else is changed.
"""

import os
import re
from pathlib import Path

import numpy as np
import pytest

import nncourse as nn

IMPORTS = [
    (r"^import tensorflow as tf$", "import nncourse as nn"),
    (r"^from tensorflow\.keras\.", "from nncourse."),
    (r"\btf\.keras\.", "nn."),
    (r"^import pandas as pd$", ""),  # never used in the guide
]

# Listings that cannot run, by a word that only they hold, and why.
IMPOSSIBLE = {
    "ImageDataGenerator": "deprecated in Keras; here, as there, layers do it: RandomFlip and RandomRotation",
}

# What a listing needs and the guide does not define, by a word that only the listing holds.
SUPPLIED = {
    "EarlyStopping(": """
rng = np.random.default_rng(0)
X_train, X_val = rng.normal(size=(60, 10)), rng.normal(size=(30, 10))
y_train, y_val = X_train[:, 0] > 0, X_val[:, 0] > 0
model.compile(optimizer="adam", loss="binary_crossentropy")
""",
    "label='Training Loss'": "history = model.history",
}


def keras_listings():
    """Every listing of the guide's second half that needs Keras or what a Keras listing left behind."""
    text = Path(os.environ["STUDY_GUIDE"]).read_text(encoding="utf-8")
    listings = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [one for one in listings if re.search(r"keras|\btf\.|tensorflow|\bmodel\.|history\.|train_test_split", one)]


def translated(listing):
    for pattern, ours in IMPORTS:
        listing = re.sub(pattern, ours, listing, flags=re.MULTILINE)
    return listing


@pytest.fixture(scope="module")
def after():
    """The names that all listings, run in their order in one notebook, leave behind."""
    if not os.environ.get("STUDY_GUIDE"):
        pytest.skip("STUDY_GUIDE is not set: it is the path of the study guide, which is no part of this project")
    pytest.importorskip("sklearn")
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    names = {"__name__": "study_guide", "np": np, "nn": nn, "ran": []}
    for number, listing in enumerate(keras_listings()):
        if any(word in listing for word in IMPOSSIBLE):
            continue
        for word, missing in SUPPLIED.items():
            if word in listing:
                exec(missing, names)
        code = compile(translated(listing), f"listing {number} of the study guide", "exec")
        exec(code, names)
        names["ran"].append(listing)
    return names


def test_every_listing_runs_but_those_that_are_named_with_a_reason(after):
    listings = keras_listings()
    left_out = [one for one in listings if one not in after["ran"]]
    assert len(listings) > 15
    assert len(left_out) == len(IMPOSSIBLE)
    for word, reason in IMPOSSIBLE.items():
        assert reason and [word in one for one in left_out] == [True]


def test_the_guides_classifier_has_learned_breast_cancer(after):
    """Its last network: 50 epochs of Adam. Any deal of the 114 test patients that learns gets 9 of 10 right."""
    assert 0.9 < after["accuracy"] <= 1.0
    assert len(after["history"].history["val_loss"]) == 50
    assert after["predicted_classes"].shape == (114, 1)
    right = (after["predicted_classes"][:, 0] == after["y_test"]).mean()
    assert right == pytest.approx(after["accuracy"], abs=1e-6)


def test_the_guides_image_network_has_the_parameters_that_keras_counts(after):
    assert after["cnn"].output_shape == (10,)
    assert after["cnn"].parameters.size == 3 * 3 * 32 + 32 + 13 * 13 * 32 * 64 + 64 + 64 * 10 + 10 == 347_146
