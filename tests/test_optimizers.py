import copy
import pickle
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nncourse as nn
from nncourse import optimizers
from nncourse.gradcheck import check_optimizer
from nncourse.optimizers import PIECE, SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop, minimize

EVERY = [
    SGD(0.05),
    SGD(0.05, momentum=0.9),
    SGD(0.05, momentum=0.9, nesterov=True),
    Adagrad(0.1),
    RMSprop(0.01),
    Adam(0.01),
    AdamW(0.01, weight_decay=0.1),
    SGD(0.05, momentum=0.5, weight_decay=0.2),
    Adam(0.01, global_clipnorm=0.5),
    Adam(lambda step: 0.1 / (1 + step)),
]
every_optimizer = pytest.mark.parametrize("optimizer", EVERY, ids=lambda rule: repr(rule).partition(" at 0x")[0])
without_clipping = [rule for rule in EVERY if rule.global_clipnorm is None]


def bowl(w):
    """A valley that is ten times steeper along one axis."""
    steepness = np.array([1.0, 10.0])
    return float(steepness @ w**2) / 2, steepness * w


def walk(rule, start, gradients):
    """Where a fresh copy of the rule goes from a start on given gradients (steps, d)."""
    rule, parameters = rule.fresh(), start.copy()
    for gradient in gradients:
        rule.step(parameters, gradient)
    return parameters


@every_optimizer
def test_every_optimizer_keeps_its_contract(optimizer):
    report = check_optimizer(optimizer)
    assert report.passed, report


# The rules, worked by hand


def test_one_step_of_gradient_descent_by_hand():
    w = np.array([1.0, -2.0])
    SGD(0.1).step(w, np.array([3.0, -5.0]))
    np.testing.assert_allclose(w, [0.7, -1.5], rtol=1e-15)


def test_two_steps_with_momentum_by_hand():
    # v = -0.1, then 0.5 * -0.1 - 0.1 = -0.15
    w, rule = np.array([1.0]), SGD(0.1, momentum=0.5)
    rule.step(w, np.array([1.0]))
    assert w[0] == pytest.approx(0.9, abs=1e-15)
    rule.step(w, np.array([1.0]))
    assert w[0] == pytest.approx(0.75, abs=1e-15)


def test_nesterov_looks_one_step_ahead_by_hand():
    # v = -0.1: w += 0.5 * v - 0.1 = -0.15; then v = -0.15: w += 0.5 * v - 0.1 = -0.175
    w, rule = np.array([1.0]), SGD(0.1, momentum=0.5, nesterov=True)
    rule.step(w, np.array([1.0]))
    assert w[0] == pytest.approx(0.85, abs=1e-15)
    rule.step(w, np.array([1.0]))
    assert w[0] == pytest.approx(0.675, abs=1e-15)


def test_adagrad_and_rmsprop_by_hand():
    # sums of squares: 9, then 9 + 16 = 25; means of squares with rho = 0.5: 4.5, then 2.25 + 8 = 10.25
    w, rule = np.array([0.0]), Adagrad(1.0, epsilon=1.0)  # outside the root: 3 / (3 + 1), then 4 / (5 + 1)
    rule.step(w, np.array([3.0]))
    rule.step(w, np.array([4.0]))
    assert w[0] == pytest.approx(-3 / 4 - 4 / 6, abs=1e-15)
    w, rule = np.array([0.0]), RMSprop(1.0, rho=0.5, epsilon=1.0)
    rule.step(w, np.array([3.0]))
    rule.step(w, np.array([4.0]))
    assert w[0] == pytest.approx(-3 / (4.5**0.5 + 1) - 4 / (10.25**0.5 + 1), abs=1e-15)


def test_adam_by_the_letter_of_the_paper():
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=4), rng.normal(size=(30, 4))
    w, m, v = start.copy(), np.zeros(4), np.zeros(4)
    for t, g in enumerate(gradients, start=1):
        m = 0.8 * m + 0.2 * g
        v = 0.95 * v + 0.05 * g**2
        w -= 0.1 * (m / (1 - 0.8**t)) / (np.sqrt(v / (1 - 0.95**t)) + 1e-3)
    np.testing.assert_allclose(walk(Adam(0.1, 0.8, 0.95, 1e-3), start, gradients), w, rtol=1e-13)


@settings(deadline=None, max_examples=50)
@given(
    g=st.lists(st.floats(1e-3, 1e3).flatmap(lambda size: st.sampled_from([size, -size])), min_size=1, max_size=4),
    rate=st.floats(1e-4, 1.0),
)
def test_adams_first_step_is_the_learning_rate_in_size(g, rate):
    w = np.zeros(len(g))
    Adam(rate).step(w, np.array(g))
    np.testing.assert_allclose(w, -rate * np.sign(g), rtol=2e-4)  # epsilon is 1e-4 of the smallest slope


@pytest.mark.parametrize("make", [Adagrad, RMSprop, Adam])
def test_rules_with_a_rate_for_each_parameter_do_not_mind_its_scale(make):
    rng = np.random.default_rng(1)
    gradients, scale = rng.normal(size=(20, 3)), np.array([1e-2, 1.0, 1e4])
    rule = make(0.1, epsilon=1e-15)
    np.testing.assert_allclose(
        walk(rule, np.zeros(3), gradients * scale), walk(rule, np.zeros(3), gradients), rtol=1e-9
    )


@every_optimizer
def test_the_order_of_a_full_batch_changes_nothing(optimizer):
    rng = np.random.default_rng(7)
    x, y, ends = rng.normal(size=(24, 3)), rng.integers(3, size=24), []
    for order in (np.arange(24), rng.permutation(24)):
        layers = [nn.layers.Dense(5, "tanh"), nn.layers.Dense(3, "softmax")]
        model = nn.Sequential(layers, dtype="float64", seed=0)
        model.build((3,))
        model.compile(optimizer, "sparse_categorical_crossentropy")
        for _ in model.train_steps(x[order], y[order], epochs=20, batch_size=24):
            pass
        ends.append(model.parameters)
    np.testing.assert_allclose(*ends, rtol=0, atol=1e-10)  # sums in another order


# Options


@settings(deadline=None, max_examples=25)
@given(decay=st.floats(0.0, 5.0), seed=st.integers(0, 99))
def test_l2_is_weight_decay_under_plain_sgd(decay, seed):
    start = np.random.default_rng(seed).normal(size=2)
    penalty = nn.regularizers.l2(decay / 2)

    def penalized(w):
        (value, gradient), (price, pull) = bowl(w), penalty.value_and_gradient(w)
        return value + price, gradient + pull

    with_penalty = minimize(penalized, start, SGD(0.01), 20)
    with_decay = minimize(bowl, start, SGD(0.01, weight_decay=decay), 20)
    np.testing.assert_allclose(with_penalty, with_decay, rtol=1e-9, atol=1e-12)


def test_l2_is_not_weight_decay_under_adam():
    start, decay = np.array([2.0, -1.0]), 0.5
    with_penalty = minimize(lambda w: (0.0, bowl(w)[1] + decay * w), start, Adam(0.01), 20)
    with_decay = minimize(bowl, start, AdamW(0.01, weight_decay=decay), 20)
    assert np.abs(with_penalty[-1] - with_decay[-1]).max() > 0.01
    np.testing.assert_array_equal(
        minimize(bowl, start, AdamW(0.01, weight_decay=0.0), 20), minimize(bowl, start, Adam(0.01), 20)
    )


@pytest.mark.parametrize("make", [SGD, Adagrad, RMSprop, Adam, AdamW])
def test_weight_decay_alone_shrinks_every_parameter_by_one_factor(make):
    w = np.array([3.0, -4.0])
    make(0.1, weight_decay=0.5).step(w, np.zeros(2))
    np.testing.assert_allclose(w, 0.95 * np.array([3.0, -4.0]), rtol=1e-14)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=5), st.floats(0.1, 10.0))
def test_clipping_shortens_a_long_gradient_and_keeps_its_direction(gradient, limit):
    w, g = np.zeros(len(gradient)), np.array(gradient)
    SGD(1.0, global_clipnorm=limit).step(w, g)
    length = np.linalg.norm(g)
    np.testing.assert_allclose(-w, g * min(1.0, limit / length) if length else g, rtol=1e-12, atol=1e-300)
    assert np.linalg.norm(w) <= limit * (1 + 1e-12)
    assert g.tolist() == gradient


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_gradient_that_has_exploded_is_clipped_too(dtype):
    w = np.zeros(2, dtype)
    SGD(1.0, global_clipnorm=5.0).step(w, np.array([3e30, -4e30], dtype))
    np.testing.assert_allclose(w, [-3, 4], rtol=1e-6)
    assert w.dtype == dtype


def test_a_schedule_is_asked_for_the_rate_of_every_step():
    asked = []

    def halving(step):
        asked.append(step)
        return 0.5**step

    rule, w = SGD(halving), np.array([0.0])
    for _ in range(4):
        rule.step(w, np.array([1.0]))
    assert asked == [0, 1, 2, 3] and w[0] == -1.875
    assert rule.rate == 0.5**4 and rule.fresh().rate == 1.0


# One vector, in place


@every_optimizer
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_step_moves_the_array_that_was_given(optimizer, dtype):
    whole = np.ones(6, dtype)
    view, gradient = whole[2:5], np.array([1.0, -2.0, 0.5], dtype)
    before = gradient.copy()
    assert optimizer.fresh().step(view, gradient) is None
    assert (whole[[0, 1, 5]] == 1).all() and (whole[2:5] != 1).all()
    np.testing.assert_array_equal(gradient, before)


@every_optimizer
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("size", [PIECE, PIECE + 1, 3 * PIECE - 5])
def test_a_long_vector_in_pieces_goes_where_one_piece_goes(optimizer, dtype, size, monkeypatch):
    rng = np.random.default_rng(2)
    start, gradients = rng.normal(size=size).astype(dtype), rng.normal(size=(3, size)).astype(dtype)
    in_pieces = walk(optimizer, start, gradients)
    monkeypatch.setattr(optimizers, "PIECE", 10**9)
    np.testing.assert_array_equal(in_pieces, walk(optimizer, start, gradients))


@pytest.mark.parametrize("optimizer", without_clipping, ids=repr)
def test_the_order_of_the_parameters_does_not_matter(optimizer):
    rng = np.random.default_rng(3)
    start, gradients, order = rng.normal(size=7), rng.normal(size=(9, 7)), rng.permutation(7)
    ordered = walk(optimizer, start[order], gradients[:, order])
    # 1e-13: a compiler may round the last entries of an array, which fill no register, in another way
    np.testing.assert_allclose(ordered, walk(optimizer, start, gradients)[order], rtol=1e-13)


@every_optimizer
def test_float32_goes_where_float64_goes(optimizer):
    rng = np.random.default_rng(4)
    start, gradients = rng.normal(size=5), rng.normal(size=(50, 5))
    short = walk(optimizer, start.astype("float32"), gradients.astype("float32"))
    assert short.dtype == np.float32
    np.testing.assert_allclose(short, walk(optimizer, start, gradients), atol=1e-5)


# Fresh copies, and what is remembered


@every_optimizer
def test_fresh_forgets_the_steps_and_leaves_the_original_alone(optimizer):
    rule, rng = copy.deepcopy(optimizer), np.random.default_rng(5)
    start, gradients = rng.normal(size=3), rng.normal(size=(4, 3))
    parameters = start.copy()
    for gradient in gradients[:2]:
        rule.step(parameters, gradient)
    remembered = copy.deepcopy(rule.remembered())
    ends = [walk(rule, start, gradients) for _ in range(2)]
    np.testing.assert_array_equal(*ends)
    assert rule.steps == 2
    for name, array in rule.remembered().items():
        np.testing.assert_array_equal(array, remembered[name])
    rule.reset()
    assert rule.steps == 0 and rule.remembered() == {}


def recalled(rule):
    other = rule.fresh()
    other.recall(rule.steps, rule.remembered())
    return other


@every_optimizer
@pytest.mark.parametrize("twin", [recalled, copy.deepcopy], ids=["recall", "deepcopy"])
def test_what_is_remembered_can_be_recalled(optimizer, twin):
    rng = np.random.default_rng(6)
    start, gradients = rng.normal(size=3), rng.normal(size=(6, 3))
    rule, parameters = optimizer.fresh(), start.copy()
    for gradient in gradients[:3]:
        rule.step(parameters, gradient)
    other = twin(rule)
    elsewhere = parameters.copy()
    for gradient in gradients[3:]:
        rule.step(parameters, gradient)
        other.step(elsewhere, gradient)
    np.testing.assert_array_equal(parameters, elsewhere)
    np.testing.assert_array_equal(parameters, walk(optimizer, start, gradients))


def test_an_optimizer_can_be_pickled():
    rule, w = Adam(0.1), np.zeros(2)
    rule.step(w, np.ones(2))
    twin, elsewhere = pickle.loads(pickle.dumps(rule)), w.copy()
    rule.step(w, np.array([1.0, -3.0]))
    twin.step(elsewhere, np.array([1.0, -3.0]))
    np.testing.assert_array_equal(w, elsewhere)


def test_to_recall_nothing_is_to_start_anew():
    rule = Adam(0.1)
    rule.step(np.zeros(2), np.ones(2))
    rule.recall(0, {})
    w = np.zeros(3)
    rule.step(w, np.ones(3))
    np.testing.assert_allclose(w, -0.1, rtol=1e-6)


class Signs(Optimizer):
    """Steps of one size, up or down."""

    def __init__(self, learning_rate=0.1, **options):
        super().__init__(learning_rate, **options)

    def update(self, p, g, rate):
        p -= rate * np.sign(g)


def test_an_optimizer_of_ones_own_needs_an_update():
    assert check_optimizer(Signs()).passed
    path = minimize(bowl, [1.0, -1.0], Signs(), 5)
    np.testing.assert_allclose(path[-1], [0.5, -0.5], rtol=1e-12)
    rule = Signs()
    rule.recall(3, {})
    rule.step(np.zeros(2), np.ones(2))
    assert rule.steps == 4
    with pytest.raises(NotImplementedError, match=r"Optimizer defines no update\(p, g, rate, \*memory\)"):
        Optimizer(0.1).step(np.zeros(2), np.ones(2))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@every_optimizer
def test_what_is_remembered_of_a_silent_neuron_ends_at_0_and_not_next_to_it(optimizer, dtype, monkeypatch):
    pushes = np.zeros((9000, 3), dtype)
    pushes[0] = 1, 1e-3, -1e-6
    pushes[:, 2] += 1e-3  # this one goes on
    start = np.ones(3, dtype)
    rule, swept = optimizer.fresh(), start.copy()
    for push in pushes:
        rule.step(swept, push)
    for name, array in rule.remembered().items():
        next_to_0 = (array != 0) & (np.abs(array) < np.finfo(dtype).tiny)
        assert not next_to_0.any(), name
    monkeypatch.setattr(Optimizer, "sweep", len(pushes) + 1)
    np.testing.assert_array_equal(walk(optimizer, start, pushes), swept)


# Minimize


@every_optimizer
def test_minimize_walks_down_and_leaves_the_optimizer_alone(optimizer):
    start = np.array([1.0, 1.0])
    path = minimize(bowl, start, optimizer, 40)
    assert path.shape == (41, 2) and path[0].tolist() == start.tolist() == [1, 1]
    assert bowl(path[-1])[0] < 0.8 * bowl(start)[0]
    assert optimizer.steps == 0 and optimizer.remembered() == {}
    np.testing.assert_array_equal(minimize(bowl, start, optimizer, 40), path)


def test_minimize_repeats_the_formula_on_a_parabola():
    path = minimize(lambda w: (float(w @ w), 2 * w), [1.0], SGD(0.9), 4)
    np.testing.assert_allclose(path[:, 0], (-0.8) ** np.arange(5), rtol=1e-14)


def test_minimize_gives_the_function_points_of_its_own():
    def careless(w):
        value, gradient = bowl(w)
        w[:] = np.nan
        return value, gradient

    np.testing.assert_array_equal(
        minimize(careless, [1.0, 2.0], SGD(0.05, weight_decay=0.1), 5),
        minimize(bowl, [1.0, 2.0], SGD(0.05, weight_decay=0.1), 5),
    )
    # the gradient of |w|^2 / 2 is w itself
    same = minimize(lambda w: (0.0, w), [1.0, 2.0], SGD(0.05, weight_decay=0.1), 5)
    np.testing.assert_allclose(same[-1], 0.945**5 * np.array([1.0, 2.0]), rtol=1e-14)


def test_minimize_takes_a_name_and_whole_numbers():
    path = minimize(lambda w: (0.0, [1, 1]), [1, 2], "sgd", 1)
    np.testing.assert_allclose(path, [[1, 2], [0.99, 1.99]], rtol=1e-15)
    assert minimize(bowl, [1, 2], steps=0).tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[1.0, 2.0]],), r"start must be a flat array of numbers, received shape \(1, 2\)"),
        ((3.0,), r"received shape \(\). Try \[1.0, 2.0\]"),
        (([],), "start must not be empty"),
        ((["a"],), "start must hold numbers"),
        (([np.nan, 0.0],), "start must be finite"),
        (([1.0, 2.0], "sgd", -1), "steps must be a whole number from 0 on, received -1"),
        (([1.0, 2.0], "sgd", 2.5), "steps must be a whole number from 0 on, received 2.5"),
        (([1.0, 2.0], "adaam"), "Did you mean 'adam'"),
    ],
)
def test_minimize_refuses_what_it_cannot_walk(arguments, message):
    with pytest.raises(ValueError, match=message):
        minimize(bowl, *arguments)


def test_minimize_refuses_a_gradient_of_another_shape():
    with pytest.raises(ValueError, match=r"gradients must be an array of shape \(2,\).* ndarray of shape \(1, 2\)"):
        minimize(lambda w: (0.0, w[None]), [1.0, 2.0])


# The door


@pytest.mark.parametrize("rate", [0, -0.1, np.nan, np.inf, "0.1", None, True])
@pytest.mark.parametrize("make", [SGD, Adagrad, RMSprop, Adam, AdamW])
def test_a_learning_rate_is_a_number_above_0(make, rate):
    with pytest.raises(ValueError, match="learning_rate must be a number above 0, received"):
        make(rate)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SGD(momentum=1.0), "momentum must be a number from 0 to below 1, received 1.0"),
        (lambda: SGD(momentum=-0.1), "momentum must be a number from 0 to below 1, received -0.1"),
        (lambda: SGD(weight_decay=-1), "weight_decay must be a number from 0 on, received -1"),
        (lambda: SGD(global_clipnorm=0), "global_clipnorm must be a number above 0, received 0"),
        (lambda: RMSprop(rho=2), "rho must be a number from 0 to below 1, received 2"),
        (lambda: Adagrad(epsilon=0), "epsilon must be a number above 0, received 0"),
        (lambda: Adam(beta_1=1), "beta_1 must be a number from 0 to below 1, received 1"),
        (lambda: Adam(beta_2=np.nan), "beta_2 must be a number from 0 to below 1, received nan"),
        (lambda: AdamW(weight_decay="a"), "weight_decay must be a number from 0 on, received 'a'"),
    ],
)
def test_settings_that_cannot_be_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


MISFITS = [
    ([1.0, 2.0], np.ones(2), r"parameters must be one flat array of floats, received \(2,\) list"),
    (np.ones((2, 1)), np.ones((2, 1)), r"one flat array of floats, received \(2, 1\) float64"),
    (np.ones(2), np.ones(3), r"gradients must be an array of shape \(2,\), as the parameters, .* of shape \(3,\)"),
    (np.ones(2), np.ones((2, 1)), r"gradients must be an array of shape \(2,\)"),
    (np.ones(2), [1.0, 1.0], r"received list of shape \(2,\)"),
    (np.ones(2), None, r"received NoneType"),
]
NO_FLOATS = [
    (np.ones(2, int), np.ones(2), r"received \(2,\) int64. Try np.array\(\[...\], float\)"),
    (np.ones(2), np.array(["a", "b"]), "gradients must be real numbers, received dtype <U1"),
]


@pytest.mark.parametrize(
    ("parameters", "gradients", "message", "before"),
    [(*case, before) for case in MISFITS for before in (0, 1)] + [(*case, 0) for case in NO_FLOATS],
)
def test_arrays_that_do_not_fit_are_refused(parameters, gradients, message, before):
    rule = Adam()
    for _ in range(before):
        rule.step(np.ones(2), np.ones(2))
    with pytest.raises(ValueError, match=message):
        rule.step(parameters, gradients)
    assert rule.steps == before


def test_an_optimizer_serves_one_vector():
    rule = Adam()
    rule.step(np.ones(2), np.ones(2))
    with pytest.raises(
        ValueError, match=r"this Adam has made 1 steps on an array of shape \(2,\), received \(3,\). Use a"
    ):
        rule.step(np.ones(3), np.ones(3))
    rule.reset()
    rule.step(np.ones(3), np.ones(3))


def test_names_and_defaults_are_those_of_keras():
    told = {
        "sgd": "SGD(learning_rate=0.01, momentum=0.0, nesterov=False)",
        "adagrad": "Adagrad(learning_rate=0.001, epsilon=1e-07)",
        "rmsprop": "RMSprop(learning_rate=0.001, rho=0.9, epsilon=1e-07)",
        "adam": "Adam(learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-07)",
        "adamw": "AdamW(learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-07)",
    }
    assert {name: repr(optimizers.get(name)) for name in optimizers.KNOWN} == told
    assert (
        repr(SGD(0.1, global_clipnorm=1)) == "SGD(learning_rate=0.1, global_clipnorm=1.0, momentum=0.0, nesterov=False)"
    )


def test_get_takes_names_in_any_case_objects_and_classes():
    mine = Adam(0.5)
    assert optimizers.get(mine) is mine
    assert type(optimizers.get("Adam")) is Adam and type(optimizers.get(RMSprop)) is RMSprop


@pytest.mark.parametrize(
    ("name", "hint"),
    [("adamm", "Did you mean 'adam'"), ("", "Known: sgd"), (0.1, "received 0.1"), (["sgd"], "Did you mean 'sgd'")],
)
def test_get_names_the_nearest_optimizer(name, hint):
    with pytest.raises(ValueError, match=hint):
        optimizers.get(name)


@every_optimizer
def test_nothing_is_said_about_a_slope_of_zero(optimizer):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        end = walk(optimizer, np.array([1.0, 2.0]), np.zeros((3, 2)))
    assert np.isfinite(end).all()
    if not optimizer.weight_decay:
        assert end.tolist() == [1, 2]


def test_an_option_that_is_not_known_is_named():
    with pytest.raises(TypeError, match=r"Adam has no option lr. It is called learning_rate"):
        Adam(lr=0.1)
    with pytest.raises(TypeError, match=r"SGD has no option clipnorm\. It takes weight_decay and global_clipnorm"):
        SGD(0.1, clipnorm=1.0)
