import numpy as np
import pytest

from nncourse.gradcheck import check_layer
from nncourse.layers import GlobalAveragePooling1D


def sequences(n, steps, d, dtype="float64", seed=3):
    return np.random.default_rng(seed).normal(size=(n, steps, d)).astype(dtype)


def test_keeps_the_contract_of_a_layer():
    report = check_layer(GlobalAveragePooling1D(), (5, 3), tolerance=1e-7)
    assert report.passed, report


def test_worked_by_hand():
    layer = GlobalAveragePooling1D().build((2, 3))
    assert layer.forward(np.array([[[1.0, 2, 3], [3, 6, -3]]])).tolist() == [[2, 4, 0]]
    assert layer.backward(np.array([[1.0, 2, 4]])).tolist() == [[[0.5, 1, 2], [0.5, 1, 2]]]


def test_the_order_of_the_steps_does_not_matter():
    layer = GlobalAveragePooling1D().build((5, 3))
    x = sequences(4, 5, 3)
    np.testing.assert_allclose(layer.forward(x[:, ::-1]), layer.forward(x), rtol=0, atol=1e-15)


def test_refuses_what_is_no_sequence():
    with pytest.raises(ValueError, match=r"expects sequences of shape \(steps, d\), received \(8, 8, 1\)"):
        GlobalAveragePooling1D().build((8, 8, 1))
