import copy
import math
from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.layers import Dense, Dropout
from nncourse.models import Sequential
from nncourse.optimizers import SGD, Adam
from nncourse.schedules import (
    CosineDecay,
    CyclicalLearningRate,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    RangeTest,
    Schedule,
    Warmup,
    find_learning_rate,
)

few = settings(max_examples=50, deadline=None)
STEPS = [0, 10, 50, 100, 101, 250]
# What Keras 3.15 answers at STEPS, to 12 places; its cosine is in float32 also where all else is in float64.
KERAS = [
    (
        ExponentialDecay(0.1, 100, 0.5),
        [0.1, 0.093303299154, 0.070710678119, 0.05, 0.049654624772, 0.01767766953],
    ),
    (ExponentialDecay(0.1, 100, 0.5, staircase=True), [0.1, 0.1, 0.1, 0.05, 0.05, 0.025]),
    (
        InverseTimeDecay(0.1, 100, 0.5),
        [0.1, 0.095238095238, 0.08, 0.066666666667, 0.066445182724, 0.044444444444],
    ),
    (InverseTimeDecay(0.1, 100, 0.5, staircase=True), [0.1, 0.1, 0.1, 0.066666666667, 0.066666666667, 0.05]),
    (PiecewiseConstantDecay([10, 100], [1.0, 0.5, 0.1]), [1.0, 1.0, 0.5, 0.5, 0.1, 0.1]),
    (CosineDecay(0.1, 100), [0.100000001490, 0.097552828491, 0.049999997020, 0.0, 0.0, 0.0]),
    (
        CosineDecay(0.1, 100, alpha=0.1),
        [0.100000001490, 0.097797542810, 0.054999995977, 0.010000000708, 0.010000000708, 0.010000000708],
    ),
    (
        CosineDecay(0.01, 100, alpha=0.1, warmup_target=0.2, warmup_steps=50),
        [0.01, 0.048, 0.2, 0.109999990463, 0.107173025608, 0.020000000298],
    ),
    (
        CosineDecay(0.0, 200, warmup_target=0.2, warmup_steps=10),
        [0.0, 0.2, 0.180901694298, 0.115643453598, 0.114090120792, 0.0],
    ),
]
OTHERS = [CyclicalLearningRate(0.01, 0.1, 20), Warmup(0.1, 5), Warmup(CosineDecay(0.1, 50), 5)]
every_schedule = pytest.mark.parametrize("schedule", [one for one, _ in KERAS] + OTHERS, ids=repr)


# Rates


@pytest.mark.parametrize(("schedule", "rates"), KERAS, ids=lambda one: repr(one) if isinstance(one, Schedule) else "")
def test_rates_are_those_of_keras(schedule, rates):
    # float32: half a unit in the 24th binary digit of numbers up to 0.2, through two or three operations
    tolerance = 5e-8 if isinstance(schedule, CosineDecay) else 1e-12
    np.testing.assert_allclose([schedule(step) for step in STEPS], rates, rtol=0, atol=tolerance)


def test_a_decay_of_001_a_step_is_halved_after_100_steps():
    halving = InverseTimeDecay(0.1, 1, 0.01)
    assert [halving(step) for step in (0, 1, 10, 100)] == pytest.approx([0.1, 0.1 / 1.01, 0.1 / 1.1, 0.05], rel=1e-15)


@every_schedule
def test_an_array_of_steps_gives_an_array_of_rates(schedule):
    steps = np.arange(120).reshape(3, 40)
    rates = schedule(steps)
    assert rates.shape == (3, 40)
    assert rates.ravel().tolist() == [schedule(step) for step in range(120)]


@every_schedule
def test_every_rate_is_a_plain_number_from_0_on(schedule):
    for step in (0, 3, 50, 10**9):
        rate = schedule(step)
        assert isinstance(rate, float) and 0 <= rate < 1.1


@every_schedule
def test_a_schedule_is_a_value(schedule):
    again = type(schedule)(**{field.name: getattr(schedule, field.name) for field in fields(schedule)})
    assert again == schedule and hash(again) == hash(schedule) and repr(again) == repr(schedule)
    with pytest.raises(FrozenInstanceError):
        setattr(schedule, fields(schedule)[0].name, 1.0)


@few
@given(st.floats(1e-4, 1), st.integers(1, 100), st.floats(0.1, 0.99), st.integers(0, 300))
def test_decays_fall(start, every, factor, step):
    for schedule in (
        ExponentialDecay(start, every, factor),
        ExponentialDecay(start, every, factor, staircase=True),
        InverseTimeDecay(start, every, factor),
        CosineDecay(start, every),
    ):
        assert schedule(0) == start
        assert 0 <= schedule(step + 1) <= schedule(step) <= start


@few
@given(st.integers(1, 50), st.integers(0, 200))
def test_a_cycle_repeats_and_touches_both_ends(size, step):
    cycle = CyclicalLearningRate(0.1, 0.5, size)
    assert cycle(step + 2 * size) == pytest.approx(cycle(step), abs=1e-13)  # a remainder of a division
    assert (cycle(0), cycle(size)) == pytest.approx((0.1, 0.5), abs=1e-15)
    assert 0.1 - 1e-15 <= cycle(step) <= 0.5 + 1e-15


@few
@given(st.integers(1, 30), st.integers(0, 100))
def test_a_warm_up_rises_in_equal_parts_and_hands_over_at_step_0(steps, later):
    after = ExponentialDecay(0.2, 10, 0.5)
    rates = [Warmup(after, steps)(step) for step in range(steps + 1)]
    np.testing.assert_allclose(np.diff([0.0, *rates]), 0.2 / (steps + 1), rtol=1e-12)
    assert Warmup(after, steps)(steps + later) == after(later)
    assert Warmup(0.2, steps)(steps + later) == 0.2


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ExponentialDecay(0.0, 10, 0.5), "initial_learning_rate must be a number above 0, received 0.0"),
        (lambda: ExponentialDecay(0.1, 0, 0.5), "decay_steps must be a number above 0, received 0"),
        (lambda: InverseTimeDecay(0.1, 10, -1), "decay_rate must be a number above 0, received -1"),
        (lambda: PiecewiseConstantDecay([10], [1.0]), "one more than boundaries, received 1 and 1"),
        (
            lambda: PiecewiseConstantDecay(5, [1.0, 0.5]),
            r"boundaries must be a list of numbers, received 5\. Try \[5\]",
        ),
        (lambda: PiecewiseConstantDecay([np.nan], [1.0, 0.5]), "every one of boundaries must be a finite number"),
        (lambda: PiecewiseConstantDecay([10, 10], [1.0, 0.5, 0.1]), r"boundaries must grow, received \(10, 10\)"),
        (lambda: PiecewiseConstantDecay([10], [1.0, -1.0]), "every one of values must be a number from 0 on"),
        (lambda: CosineDecay(0.1, 10, warmup_steps=5), "needs a warmup_target"),
        (lambda: CosineDecay(0.1, math.nan), "decay_steps must be a number above 0, received nan"),
        (lambda: CyclicalLearningRate(0.1, "1", 5), "maximal_learning_rate must be a number above 0, received '1'"),
        (lambda: Warmup(0.1, 2.5), "warmup_steps must be a whole number from 1 on, received 2.5"),
        (lambda: Warmup(-0.1, 2), "learning_rate must be a number above 0, received -0.1"),
    ],
)
def test_settings_that_make_no_rate_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@every_schedule
def test_an_optimizer_takes_its_rate_from_the_steps_done(schedule):
    rule, point = SGD(learning_rate=schedule), np.zeros(1)
    for step in range(30):
        before = point.copy()
        rule.step(point, np.ones(1))
        assert before - point == pytest.approx(schedule(step), abs=1e-14)  # a difference of sums up to 30


@every_schedule
def test_a_saved_model_keeps_its_schedule(schedule, tmp_path):
    model = Sequential([Dense(1, input_shape=(2,))], seed=0)
    model.compile(Adam(learning_rate=schedule), "mse")
    model.save(tmp_path / "model.npz")
    assert Sequential.load(tmp_path / "model.npz").optimizer.learning_rate == schedule


# The finder


def data(seed=0, n=200):
    x = np.random.default_rng(seed).normal(size=(n, 5))
    return x, (x @ [1.0, -2.0, 0.5, 0.0, 1.0] > 0).astype(float)


def network(optimizer="sgd", loss="binary_crossentropy", units=8, input_shape=(5,), **options):
    layers = [Dense(units, "tanh", input_shape=input_shape), Dropout(0.2), Dense(1, "sigmoid")]
    model = Sequential(layers, seed=0, **options)
    model.compile(optimizer, loss)
    return model


def test_the_finder_leaves_the_model_exactly_as_it_was():
    x, y = data()
    searched, left_alone = network("adam"), network("adam")
    for model in (searched, left_alone):
        model.fit(x, y, epochs=1, verbose=0)
    rule, record = searched.optimizer, copy.deepcopy(searched.history.history)
    first = find_learning_rate(searched, x, y, steps=20)
    assert repr(find_learning_rate(searched, x, y, steps=20)) == repr(first)
    assert searched.optimizer is rule and rule.learning_rate == 0.001 and rule.steps == left_alone.optimizer.steps
    assert searched.history.history == record
    np.testing.assert_array_equal(searched.gradients, left_alone.gradients)
    for model in (searched, left_alone):
        model.fit(x, y, epochs=2, verbose=0)
    np.testing.assert_array_equal(searched.parameters, left_alone.parameters)  # the same dice, too


def test_the_finder_builds_only_its_copy():
    model = network(input_shape=None)
    find_learning_rate(model, *data(), steps=10)
    assert not model.built


def test_rates_rise_by_one_factor_from_the_lowest_to_the_highest():
    found = find_learning_rate(network(), *data(), lowest=1e-4, highest=1e-1, steps=31)
    assert found.edge == math.inf
    np.testing.assert_allclose(found.rates, np.geomspace(1e-4, 1e-1, 31), rtol=1e-12)
    assert found.rates.shape == found.losses.shape == found.smoothed.shape == (31,)


def test_the_losses_are_those_of_training_with_rising_rates():
    x, y = data()
    found = find_learning_rate(network(), x, y, lowest=1e-3, highest=1.0, steps=20, batch_size=50)
    by_hand = network(SGD(lambda step: 1e-3 * 1000 ** (step / 19)))
    losses = [step.loss for step in by_hand.train_steps(x, y, epochs=5, batch_size=50)]
    # float32 sums of 50 terms: the rates differ in their last bits
    np.testing.assert_allclose(found.losses, losses, rtol=1e-5)


def valley(steepness, n=64):
    """A model of one weight and a loss that descends to 0, and diverges above a rate of 1 / steepness."""
    x = np.full((n, 1), np.sqrt(steepness))
    model = Sequential(
        [Dense(1, use_bias=False, input_shape=(1,), kernel_initializer="zeros")], dtype="float64", seed=0
    )
    model.compile("sgd", "mse")
    return model, x, x.copy()


@pytest.mark.parametrize("steepness", [0.1, 1.0, 100.0])
def test_a_valley_ten_times_as_steep_asks_for_a_tenth_of_the_rate(steepness):
    """The loss of one weight w is steepness * (w - 1)^2: descent overshoots for good from 1 / steepness on."""
    found = find_learning_rate(*valley(steepness), lowest=1e-5, highest=1e3, steps=160)
    assert 0.01 / steepness < found.suggestion < found.lowest < 3 / steepness
    # errors grow by 2 * rate * steepness - 1 a step, from close to 0: the edge shows late
    assert 1 / steepness < found.edge < 100 / steepness


def test_the_run_ends_where_the_loss_explodes():
    found = find_learning_rate(*valley(1.0), lowest=1e-3, highest=1e6, steps=100)
    assert len(found.rates) < 100
    assert found.rates[-1] < found.edge < 1e6
    assert np.isfinite(found.losses).all() and np.isfinite(found.smoothed).all()
    assert found.suggestion < found.lowest < found.edge


def test_a_loss_that_is_no_number_ends_the_run_without_a_warning():
    x, y = data()
    model = Sequential([Dense(4, "relu", input_shape=(5,)), Dense(1)], seed=0)
    model.compile("sgd", "mse")
    found = find_learning_rate(model, 1e3 * x, 1e3 * y, lowest=1e-3, highest=1e30, steps=20)
    assert len(found.losses) < 20 and found.edge < 1e30
    with pytest.raises(ValueError, match="not finite before the first step"):
        find_learning_rate(model, 1e30 * x, 1e30 * y)


def test_where_the_loss_only_rises_nothing_is_suggested():
    rising = find_learning_rate(*valley(1.0), lowest=5.0, highest=50.0, steps=20)
    assert math.isnan(rising.suggestion)
    assert "suggestion=nan" in repr(rising)


def test_a_line_through_its_neighbours_is_drawn_at_each_loss():
    """On a straight line every smoothed loss lies on it; on a bend the steepest part is found."""
    from nncourse.schedules import _read

    rates = np.geomspace(1e-4, 1.0, 41)
    t = np.log(rates)
    straight = _read(rates, 3 - 0.1 * t, math.inf, side=4)
    np.testing.assert_allclose(straight.smoothed, 3 - 0.1 * t, rtol=1e-12)
    bend = _read(rates, -np.tanh(t - t[20]), math.inf, side=4)
    assert bend.suggestion == rates[20]
    assert bend.lowest == rates[-1]
    noisy = _read(rates, -np.tanh(t - t[20]) + 0.05 * np.random.default_rng(0).normal(size=41), math.inf, side=4)
    assert rates[17] <= noisy.suggestion <= rates[23]


def test_the_result_prints_its_three_rates():
    ones = np.ones(30)
    found = RangeTest(ones, ones, ones, suggestion=0.1234, lowest=0.5, edge=math.inf)
    assert repr(found) == "RangeTest(suggestion=0.12, lowest=0.5, edge=inf, 30 steps)"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"lowest": 0}, "lowest must be a number above 0, received 0"),
        ({"lowest": 1.0, "highest": 0.1}, "lowest must be below highest, received 1.0 and 0.1"),
        ({"steps": 3}, "steps must be a whole number from 10 on, received 3"),
        ({"batch_size": 0}, "batch_size must be a whole number from 1 on"),
    ],
)
def test_a_range_that_cannot_be_searched_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        find_learning_rate(network(), *data(), **arguments)


def test_a_model_that_is_not_compiled_is_told_how():
    with pytest.raises(RuntimeError, match="compile"):
        find_learning_rate(Sequential([Dense(1)]), *data())
