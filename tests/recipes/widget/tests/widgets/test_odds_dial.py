"""A probability and its score: what Python says of them."""

import pytest
import traitlets as t

from nncourse.activations import sigmoid
from nncourse.widgets import OddsDial


def test_the_sigmoid_leads_back_from_the_score():
    assert sigmoid(OddsDial(p=0.3).score()) == pytest.approx(0.3)


@pytest.mark.parametrize("p", [0.0, 1.0, float("nan")])
def test_a_certainty_is_refused(p):
    with pytest.raises(t.TraitError, match=r"from 0.01 to 0.99 is expected, got .*Try 0.5"):
        OddsDial(p=p)
