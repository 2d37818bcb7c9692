"""Losses, layers and activations that a learner derives from ours train by their own gradients."""

import numpy as np
import pytest

import nncourse as nn
from nncourse.activations import Relu, Sigmoid, Softmax
from nncourse.gradcheck import check_activation, check_gradient, check_layer, check_loss
from nncourse.layers import Conv2D, Dense, Flatten, MaxPooling2D


class Weighted(nn.losses.BinaryCrossentropy):
    """A yes that is missed costs three times as much."""

    def value(self, y, p):
        return super().value(y, p) + 2 * -(y * np.log(p)).sum() / p.size

    def gradient(self, y, p):
        return super().gradient(y, p) - 2 * y / p / p.size


class Halved(Dense):
    def forward(self, x, training=False):
        return super().forward(x, training) / 2

    def backward(self, upstream):
        return super().backward(upstream / 2)


class Tripled(Conv2D):
    def forward(self, x, training=False):
        return 3 * super().forward(x, training)

    def backward(self, upstream):
        return super().backward(3 * upstream)


class Mean(MaxPooling2D):
    def forward(self, x, training=False):
        self.seen = x, None
        return sum(x[:, *place] for place in self.windows.places) / len(self.windows.places)

    def backward(self, upstream):
        dx = np.zeros_like(self.seen[0])
        for place in self.windows.places:
            dx[:, *place] = upstream / len(self.windows.places)
        return dx


class Relu6(Relu):
    def __call__(self, z):
        return np.minimum(super().__call__(z), 6)

    def derivative(self, z):
        return super().derivative(z) * (z < 6)


class Steep(Sigmoid):
    def __call__(self, z):
        return super().__call__(3 * z)

    def derivative(self, z):
        return 3 * super().derivative(3 * z)


class Sharp(Softmax):
    def __call__(self, z):
        return super().__call__(2 * z)

    def gradient(self, z, upstream):
        return 2 * super().gradient(2 * z, upstream)


class HalvedSum(Dense):
    def forward(self, x, training=False):
        return super().forward(x, training) / 2

    def through_activation(self, upstream):
        return super().through_activation(upstream / 2)


class Half:
    """To be mixed in."""

    def forward(self, x, training=False):
        return super().forward(x, training) / 2

    def backward(self, upstream):
        return super().backward(upstream / 2)


class Mixed(Half, Dense):
    pass


class Thrice:
    """To be mixed in."""

    def value(self, y, p):
        return 3 * super().value(y, p)

    def gradient(self, y, p):
        return 3 * super().gradient(y, p)


class MixedLoss(Thrice, nn.losses.BinaryCrossentropy):
    pass


class Twice:
    """To be mixed in."""

    def __call__(self, z):
        return 2 * super().__call__(z)

    def derivative(self, z):
        return 2 * super().derivative(z)


class MixedActivation(Twice, Sigmoid):
    pass


class Again(Halved):
    """Derived from a derived one, and nothing new."""


def pooled(convolution, pooling):
    return [convolution, pooling, Flatten(), Dense(1)], "mse", (6, 6, 1)


NETWORKS = {
    "a mixed loss": ([Dense(4, "tanh"), Dense(1, "sigmoid")], MixedLoss(), (3,)),
    "a mixed layer": ([Mixed(3, "tanh"), Dense(1)], "mse", (3,)),
    "a mixed activation": ([Dense(4, MixedActivation()), Dense(1)], "mse", (3,)),
    "a layer derived twice": ([Again(3, "tanh"), Again(1, "sigmoid")], "binary_crossentropy", (3,)),
    "a layer's way through its activation": ([Dense(3), HalvedSum(1, "sigmoid")], "binary_crossentropy", (3,)),
    "a steep sigmoid and its loss": ([Dense(1, Steep())], "binary_crossentropy", (3,)),
    "a sharp softmax and its loss": ([Dense(2, Sharp())], "sparse_categorical_crossentropy", (3,)),
    "a loss": ([Dense(4, "tanh"), Dense(1, "sigmoid")], Weighted(), (3,)),
    "a layer": ([Halved(4, "tanh"), Halved(1, "sigmoid")], "binary_crossentropy", (3,)),
    "a convolution": pooled(Tripled(2, 3, activation="relu"), MaxPooling2D()),
    "a pooling": pooled(Conv2D(2, 3, activation="relu"), Mean()),
    "an activation": ([Dense(4, Relu6()), Dense(1, Steep())], "mse", (3,)),
    "an activation before a pooling": pooled(Conv2D(2, 3, activation=Relu6()), MaxPooling2D()),
}


@pytest.mark.parametrize("case", NETWORKS)
def test_a_model_goes_back_by_the_gradient_that_was_derived(case):
    layers, loss, shape = NETWORKS[case]
    rng = np.random.default_rng(0)
    model = nn.Sequential(layers, dtype="float64", seed=0)
    model.build(shape)
    model.compile("sgd", loss)
    f = model.objective(rng.normal(size=(5, *shape)), rng.integers(0, 2, 5).astype(float))
    assert check_gradient(f, 2 * model.parameters).error < 1e-6


def test_the_contracts_of_derived_pieces_hold():
    assert check_layer(Halved(2, "tanh"), (3,)).passed
    assert check_loss(Weighted(), np.array([[1.0], [0.0]]), np.array([[0.3], [0.6]])).passed
    assert check_activation(Relu6(), [-1.0, 2.0, 5.0, 7.0]).passed
    assert check_activation(Steep()).passed and check_activation(Sharp()).passed
    assert check_activation(MixedActivation()).passed and check_layer(Mixed(2, "tanh"), (3,)).passed


def test_the_end_of_a_model_is_looked_at_under_a_derived_loss_too():
    model = nn.Sequential([Dense(1)])
    model.compile("sgd", Weighted())
    with pytest.raises(ValueError, match="needs probabilities"):
        model.fit(np.ones((4, 3)), np.ones(4), verbose=0)


def test_a_piece_that_only_says_the_same_faster_keeps_the_rest():
    class Quick(Relu):
        def in_place(self, z):
            return np.maximum(z, 0)

    assert Quick.backward is Relu.backward
    for loss in (
        nn.losses.BinaryCrossentropy,
        nn.losses.CategoricalCrossentropy,
        nn.losses.SparseCategoricalCrossentropy,
    ):
        assert loss.fuses and loss.fuses_with in ("sigmoid", "softmax")
    assert Dense(1, "sigmoid").fuses_as == "sigmoid" and Dense(1, Steep()).fuses_as is None
    assert not Weighted.fuses and Weighted.fuses_with == "sigmoid"  # which the end of a model must still be
    assert not Dense.in_one_piece and not Conv2D.in_one_piece and not MaxPooling2D.in_one_piece
