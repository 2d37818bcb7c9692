import copy
import pickle
import tracemalloc

import numpy as np
import pytest

import nncourse as nn
from nncourse.layers import Activation, Dense, Dropout, Residual

ROWS, COLUMNS = 40, 3


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(ROWS, COLUMNS))


@pytest.fixture
def y(x):
    return (x.sum(axis=1) > 0).astype(float)


def network(*layers, loss="binary_crossentropy", optimizer="adam", metrics=(), seed=1, dtype="float64"):
    layers = layers or (Dense(4, "tanh"), Dense(1, "sigmoid"))
    model = nn.Sequential(layers, dtype=dtype, seed=seed)
    model.build((COLUMNS,))
    model.compile(optimizer=optimizer, loss=loss, metrics=metrics)
    return model


# One vector


def test_every_parameter_is_a_view_into_one_vector():
    model = network(Dense(4, "relu"), Residual(Dense(5), Dense(4)), Dense(1))
    assert model.parameters.shape == model.gradients.shape == (3 * 4 + 4 + 4 * 5 + 5 + 5 * 4 + 4 + 4 + 1,)
    inner = model.layers[1].layers[0]
    for layer in [model.layers[0], inner, model.layers[2]]:
        assert np.shares_memory(layer.W, model.parameters) and np.shares_memory(layer.db, model.gradients)
    model.parameters[:] = 7.0
    assert (inner.W == 7).all()


def test_assigning_a_parameter_copies_into_the_vector_and_refuses_another_shape():
    model = network()
    mine = np.full((3, 4), 2.0)
    model.layers[0].W = mine
    assert (model.parameters[:12] == 2).all()
    mine[:] = 5.0
    assert (model.layers[0].W == 2).all()
    with pytest.raises(ValueError, match=r"W has shape \(3, 4\), received \(4, 3\)"):
        model.layers[0].W = mine.T


@pytest.mark.parametrize("twin", [copy.deepcopy, copy.copy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_has_views_of_its_own(twin, x, y):
    model = network(Dense(4, "relu"), Residual(Dense(4)), Dropout(0.5), Dense(1, "sigmoid"))
    model.fit(x, y, epochs=1, verbose=0)
    other, before = twin(model), model.parameters.copy()
    other.layers[0].W += 1.0
    assert (other.parameters[:12] == before[:12] + 1).all()
    assert np.shares_memory(other.layers[1].layers[0].W, other.parameters)
    np.testing.assert_array_equal(model.parameters, before)
    other.parameters = before
    assert model.fit(x, y, epochs=2, verbose=0).history == other.fit(x, y, epochs=2, verbose=0).history


def test_weights_that_were_taken_can_be_given_back(x, y):
    model = network()
    taken, before = model.get_weights(), model.predict(x)
    model.fit(x, y, epochs=3, verbose=0)
    assert not np.array_equal(model.predict(x), before)
    model.set_weights(taken)
    np.testing.assert_array_equal(model.predict(x), before)
    with pytest.raises(ValueError, match=r"weights must have the shapes \[\(3, 4\), \(4,\), \(4, 1\), \(1,\)\]"):
        model.set_weights(taken[::-1])


def test_one_layer_cannot_serve_in_two_models():
    shared = Dense(2)
    nn.Sequential([shared])
    with pytest.raises(ValueError, match="serves in a model already"):
        nn.Sequential([shared])
    nn.Sequential([copy.deepcopy(shared)])


# Value and gradient

NETWORKS = {
    "regression": ((Dense(4, "tanh"), Dense(2)), "mse", (ROWS, 2)),
    "huber": ((Dense(4, "softplus"), Dense(1)), "huber", (ROWS, 1)),
    "two classes": ((Dense(4, "gelu"), Dense(1, "sigmoid")), "binary_crossentropy", (ROWS, 1)),
    "sigmoid and squares": ((Dense(4, "elu"), Dense(1, "sigmoid")), "mse", (ROWS, 1)),
    "classes": ((Dense(4, "sigmoid"), Dense(3, "softmax")), "sparse_categorical_crossentropy", "labels"),
    "an activation of its own": ((Dense(3), Activation("softmax")), "sparse_categorical_crossentropy", "labels"),
    "around": ((Residual(Dense(5, "tanh"), Dense(3)), Dense(1)), "mse", (ROWS, 1)),
    "dropout": ((Dense(6, "tanh"), Dropout(0.4), Dense(1)), "mse", (ROWS, 1)),
    "penalties": (
        (
            Dense(4, "tanh", kernel_regularizer=nn.regularizers.l1_l2(0.03, 0.02)),
            Residual(Dense(4, kernel_regularizer=nn.regularizers.l2(0.1))),
            Dense(1),
        ),
        "mse",
        (ROWS, 1),
    ),
}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("training", [False, True])
def test_the_objective_agrees_with_central_differences(name, training, x):
    layers, loss, shape = copy.deepcopy(NETWORKS[name])
    model = network(*layers, loss=loss, seed=3)
    rng = np.random.default_rng(5)
    y = rng.integers(0, 3, ROWS) if shape == "labels" else rng.uniform(size=shape)
    report = nn.gradcheck.check_gradient(model.objective(x, y, training), model.parameters, tolerance=1e-7)
    assert report.passed, report


def test_the_objective_leaves_the_model_as_it_was(x, y):
    model = network(Dense(4, "relu"), Dropout(0.5), Dense(1, "sigmoid"))
    f = model.objective(x, y, training=True)
    before, state = model.parameters.copy(), model.rng.bit_generator.state
    value, gradient = f(before + 1)
    np.testing.assert_array_equal(model.parameters, before)
    assert model.rng.bit_generator.state == state
    assert f(before + 1)[0] == value  # the masks are repeated
    assert not np.shares_memory(gradient, model.gradients)


@pytest.mark.parametrize(
    ("layers", "loss"),
    [
        ([Dense(4, "relu"), Dense(1, "sigmoid")], "binary_crossentropy"),
        ([Dense(4, "relu"), Dense(3, "softmax")], "sparse_categorical_crossentropy"),
        ([Dense(1, "sigmoid")], "binary_crossentropy"),
        ([Dropout(0.0), Dense(2), Activation("softmax")], "categorical_crossentropy"),
    ],
)
def test_the_short_way_through_the_last_activation_is_the_long_way(layers, loss, x):
    model = network(*layers, loss=loss)
    y = np.arange(ROWS) % model.output_shape[0] if loss.startswith("sparse") else np.zeros((ROWS, *model.output_shape))
    if loss == "categorical_crossentropy":
        y[:, 1] = 1
    x, y = model._examples(x, y)
    prediction = model.forward(x, True)
    model._loss_gradients(y, prediction)
    short = model.gradients.copy()
    dx = model.backward(model.loss.gradient(y, prediction))
    np.testing.assert_allclose(short, model.gradients, rtol=1e-9, atol=1e-15)  # p (1 - p) does not quite cancel
    assert dx.shape == x.shape


# Training


def test_the_same_seed_gives_the_same_history(x, y):
    layers = Dense(4, "relu"), Dropout(0.3), Dense(1, "sigmoid")
    first, second, other = (
        network(*copy.deepcopy(layers), seed=seed).fit(x, y, epochs=3, batch_size=8, verbose=0).history
        for seed in (1, 1, 2)
    )
    assert first == second != other


def test_fit_is_the_loop_over_its_steps(x, y):
    fitted, looped = network(), network()
    history = fitted.fit(x, y, epochs=3, batch_size=16, verbose=0).history
    losses = [step.loss * len(step.x) for step in looped.train_steps(x, y, epochs=3, batch_size=16)]
    np.testing.assert_array_equal(fitted.parameters, looped.parameters)
    assert len(losses) == 3 * 3  # 16 + 16 + 8 rows an epoch
    np.testing.assert_allclose(history["loss"], np.reshape(losses, (3, 3)).sum(axis=1) / ROWS, rtol=1e-12)


def test_a_step_tells_the_loss_before_it_and_break_stops_the_training(x, y):
    model = network()
    value, _ = model.objective(x, y)(model.parameters)
    for step in model.train_steps(x, y, epochs=100, batch_size=ROWS):
        if step.number == 0:
            assert step.loss == pytest.approx(value, rel=1e-12)
        if step.number == 4:
            break
    assert model.optimizer.steps == 5


def test_the_order_of_a_full_batch_changes_nothing(x, y):
    rows = np.random.default_rng(2).permutation(ROWS)
    straight, shuffled = network(), network()
    straight.fit(x, y, epochs=5, batch_size=ROWS, verbose=0)
    shuffled.fit(x[rows], y[rows], epochs=5, batch_size=ROWS, verbose=0)
    np.testing.assert_allclose(straight.parameters, shuffled.parameters, rtol=0, atol=1e-9)  # sums round differently


def test_every_row_is_seen_once_an_epoch_in_a_new_order():
    x = np.arange(10.0)[:, None]
    model = nn.Sequential([Dense(1)], seed=0)
    model.compile("sgd", "mse")
    orders = [[], []]
    for step in model.train_steps(x, x, epochs=2, batch_size=4):
        orders[step.epoch] += step.x[:, 0].tolist()
    assert sorted(orders[0]) == sorted(orders[1]) == x[:, 0].tolist()
    assert orders[0] != orders[1]
    plain = [step.x[:, 0].tolist() for step in model.train_steps(x, x, batch_size=4, shuffle=False)]
    assert plain == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_validation_is_an_evaluation_and_teaches_nothing(x, y):
    watched, alone = network(metrics=["accuracy"]), network(metrics=["accuracy"])
    history = watched.fit(x, y, epochs=2, validation_data=(x[:7], y[:7]), verbose=0).history
    alone.fit(x, y, epochs=2, verbose=0)
    np.testing.assert_array_equal(watched.parameters, alone.parameters)
    loss, accuracy = alone.evaluate(x[:7], y[:7], verbose=0)
    assert (history["val_loss"][-1], history["val_accuracy"][-1]) == (loss, accuracy)
    assert set(history) == {"loss", "accuracy", "val_loss", "val_accuracy"}


def test_a_validation_split_is_the_last_rows(x, y):
    split, given = network(), network()
    a = split.fit(x, y, epochs=2, validation_split=0.25, verbose=0).history
    b = given.fit(x[:30], y[:30], epochs=2, validation_data=(x[30:], y[30:]), verbose=0).history
    assert a == b


def test_a_penalty_counts_in_every_loss_that_is_told(x, y):
    model = network(Dense(1, "sigmoid", kernel_regularizer=nn.regularizers.l2(0.5)))
    penalty = 0.5 * float((model.layers[0].W ** 2).sum())
    plain = nn.losses.BinaryCrossentropy()(y[:, None], model.predict(x))
    assert model.evaluate(x, y, verbose=0) == pytest.approx(plain + penalty, rel=1e-12)
    assert model.objective(x, y)(model.parameters)[0] == pytest.approx(plain + penalty, rel=1e-12)
    told = model.fit(x, y, epochs=1, batch_size=ROWS, verbose=0).history["loss"]
    assert told == [pytest.approx(plain + penalty, rel=1e-12)]


def test_a_model_takes_a_fresh_copy_of_its_optimizer(x, y):
    rule = nn.optimizers.Adam(0.1)
    first, second = network(optimizer=rule), network(optimizer=rule)
    first.fit(x, y, epochs=2, verbose=0)
    assert rule.steps == second.optimizer.steps == 0 and first.optimizer.steps == 4


def test_a_flat_x_or_y_is_a_column_where_nothing_else_is_meant():
    x = np.linspace(0, 1, 20)
    model = nn.Sequential([Dense(1)], seed=0)
    model.compile("sgd", "mse")
    model.fit(x, 2 * x, epochs=1, verbose=0)
    assert model.input_shape == (1,) and model.predict(x).shape == (20, 1)
    assert model.evaluate(x, 2 * x, verbose=0) == model.evaluate(x[:, None], 2 * x[:, None], verbose=0)


def test_what_predict_returns_is_the_readers_own(x):
    model = network(Dense(2))
    first = model.predict(x)
    kept = first.copy()
    model.predict(x + 1)
    np.testing.assert_array_equal(first, kept)
    first[:] = 0
    np.testing.assert_array_equal(model.predict(x), kept)
    same = nn.Sequential([nn.layers.Input((COLUMNS,))], dtype="float64").predict(x)
    assert not np.shares_memory(same, x)


def test_the_arguments_of_a_training_are_left_as_they_were(x, y):
    rows, targets = x.copy(), y.copy()
    network(Dropout(0.5), Activation("relu"), Dense(1, "sigmoid")).fit(x, y, epochs=2, batch_size=8, verbose=0)
    np.testing.assert_array_equal(x, rows)
    np.testing.assert_array_equal(y, targets)


def test_a_model_computes_in_its_own_dtype(x, y):
    model = network(dtype="float32", metrics=["accuracy"])
    assert model.parameters.dtype == model.predict(x).dtype == np.float32
    model.fit(x, y, epochs=1, verbose=0)
    assert model.parameters.dtype == np.float32


def test_layers_may_be_added_to_a_model_that_knows_its_input(x):
    model = nn.Sequential(seed=0, dtype="float64")
    model.add(Dense(4, input_shape=(COLUMNS,)))
    first = model.layers[0].W.copy()
    model.add(Dense(2))
    assert model.output_shape == (2,) and model.parameters.size == 16 + 10
    np.testing.assert_array_equal(model.layers[0].W, first)


def test_training_needs_little_memory_beside_its_data():
    x = np.random.default_rng(0).random((20_000, 200), dtype=np.float32)
    y = (x[:, 0] > 0.5).astype(np.float32)
    model = nn.Sequential([Dense(64, "relu", input_shape=(200,)), Dense(1, "sigmoid")], seed=0)
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    activations = 2 * 128 * (200 + 64 + 1) * 4
    allowance = x.nbytes + y.nbytes + 2 * model.parameters.nbytes + activations
    tracemalloc.start()
    try:
        model.fit(x, y, epochs=1, batch_size=128, verbose=0)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < allowance  # beside x and y, which stand there already: within twice of all that is needed


# The door


def hinted(error, *words):
    return pytest.raises(error, match=".*".join(words))


def test_what_is_not_ready_says_what_to_do(x, y):
    model = nn.Sequential([Dense(1)])
    with hinted(RuntimeError, "fit needs a loss", "compile"):
        model.fit(x, y)
    with hinted(RuntimeError, "does not know the shape", "input_shape"):
        _ = model.parameters
    with hinted(ValueError, "compile needs a loss"):
        model.compile("adam")
    with hinted(ValueError, "has no layers"):
        nn.Sequential().predict(x)
    with hinted(RuntimeError, "nothing to go back from", "forward"):
        network().backward(np.ones((2, 1)))
    with hinted(RuntimeError, "does not know its shapes", "build"):
        Dense(3).forward(x)


def test_unknown_names_are_answered_with_the_nearest_known():
    for arguments, near in [
        ({"optimizer": "addam", "loss": "mse"}, "adam"),
        ({"optimizer": "adam", "loss": "binary_crossentopy"}, "binary_crossentropy"),
        ({"optimizer": "adam", "loss": "mse", "metrics": ["acuracy"]}, "accuracy"),
    ]:
        with hinted(ValueError, f"Did you mean '{near}'"):
            nn.Sequential([Dense(1)]).compile(**arguments)
    with hinted(ValueError, "Did you mean 'relu'"):
        Dense(1, "rleu")


BAD = {
    "another number of columns": (lambda x, y: (x[:, :2], y), ["x must have shape", r"\(n, 3\)", r"\(40, 2\)"]),
    "one example": (lambda x, y: (x[0], y[:1]), ["received", r"\(3,\)", r"x\[None\]"]),
    "fewer targets": (lambda x, y: (x, y[:-1]), ["40 examples", "39", "one target for every example"]),
    "two columns of targets": (lambda x, y: (x, np.c_[y, y]), [r"\(40, 2\)", r"\(40, 1\)"]),
    "a missing value": (lambda x, y: (np.where(x == x[3, 1], np.nan, x), y), ["finite", "nan", r"\(3, 1\)"]),
    "an infinite target": (lambda x, y: (x, np.where(y == 1, np.inf, y)), ["y must be finite", "inf"]),
    "words": (lambda x, y: (x, np.where(y == 1, "yes", "no")), ["y must hold numbers", "turn words into numbers"]),
    "nothing": (lambda x, y: (x[:0], y[:0]), ["must not be empty"]),
    "labels -1 and 1": (lambda x, y: (x, 2 * y - 1), ["between 0 and 1", r"\(y \+ 1\) / 2"]),
    "a list of ragged rows": (lambda x, y: ([[1, 2], [3]], y), ["different lengths"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_data_is_refused_at_the_door_before_any_work(case, x, y):
    change, words = BAD[case]
    model = network()
    before = model.parameters.copy()
    with hinted(ValueError, *words):
        model.fit(*change(x, y), verbose=0)
    with hinted(ValueError, *words):
        model.evaluate(*change(x, y), verbose=0)
    with hinted(ValueError, "validation_data: ", *words):
        model.fit(x, y, validation_data=change(x, y), verbose=0)
    np.testing.assert_array_equal(model.parameters, before)


def test_class_numbers_and_one_hot_rows_are_told_apart(x):
    labels = np.arange(ROWS) % 3
    sparse = network(Dense(3, "softmax"), loss="sparse_categorical_crossentropy")
    one_hot = network(Dense(3, "softmax"), loss="categorical_crossentropy")
    assert sparse.evaluate(x, labels, verbose=0) == sparse.evaluate(x, labels[:, None], verbose=0)
    assert one_hot.evaluate(x, np.eye(3)[labels], verbose=0) == pytest.approx(sparse.evaluate(x, labels, verbose=0))
    with hinted(ValueError, "to_categorical", "sparse_categorical_crossentropy"):
        one_hot.fit(x, labels, verbose=0)
    with hinted(ValueError, "One-hot rows go with categorical_crossentropy"):
        sparse.fit(x, np.eye(3)[labels], verbose=0)
    with hinted(ValueError, "whole numbers from 0 to 2", "3", "y - 1"):
        sparse.fit(x, labels + 1, verbose=0)
    with hinted(ValueError, "sum to 1"):
        one_hot.fit(x, np.zeros((ROWS, 3)), verbose=0)


@pytest.mark.parametrize(
    "arguments", [{"epochs": 0}, {"epochs": 1.5}, {"batch_size": 0}, {"batch_size": -1}, {"validation_split": 1.0}]
)
def test_settings_that_mean_nothing_are_refused(arguments, x, y):
    with pytest.raises(ValueError, match=f"{next(iter(arguments))} must be .*received"):
        network().fit(x, y, verbose=0, **arguments)


@pytest.mark.filterwarnings("error")  # words instead of NumPy's warnings
def test_a_loss_that_turns_nan_stops_with_the_place_and_the_likely_reason(x):
    y = x.sum(axis=1)
    model = network(Dense(8, "relu"), Dense(1), loss="mse", optimizer=nn.optimizers.SGD(50.0))
    with pytest.raises(FloatingPointError, match=r"in epoch \d+, step \d+\. .*learning rate .*50\. Try 5"):
        model.fit(x, y, epochs=200, batch_size=8, verbose=0)


def test_the_rate_that_is_named_is_the_one_that_lost_the_loss(x):
    rate = nn.schedules.PiecewiseConstantDecay([3], [1e100, 0.001])
    model = network(Dense(1), loss="mse", optimizer=nn.optimizers.SGD(rate))
    with pytest.raises(FloatingPointError, match=r"epoch 1, step [2-5]\. .* too large: 1e\+100\. Try 1e\+99"):
        model.fit(x, x.sum(axis=1), batch_size=2, verbose=0)


@pytest.mark.parametrize("said", [-0.5, np.nan, None])
def test_a_schedule_that_says_no_rate_is_asked_to(said, x, y):
    model = network(optimizer=nn.optimizers.SGD(lambda step: said))
    with hinted(ValueError, "learning_rate must be a number from 0 on", "for step 0"):
        model.fit(x, y, verbose=0)


def test_words_that_no_row_stands_for_are_found_before_any_step(y):
    words = np.random.default_rng(0).integers(0, 5, (ROWS, 3))
    words[39, 2] = 5
    model = network(nn.layers.Embedding(5, 2), nn.layers.Flatten(), Dense(1, "sigmoid"))
    before = model.parameters.copy()
    with hinted(ValueError, r"numbers from 0 to 4, received 5 at index \(39, 2\)"):
        model.fit(words, y, batch_size=8, verbose=0)
    with hinted(ValueError, "^validation_data: ", r"received 5 at index \(39, 2\)"):
        model.fit(words[:39], y[:39], validation_data=(words, y), verbose=0)
    np.testing.assert_array_equal(model.parameters, before)


def test_a_metric_may_not_hide_the_loss():
    def loss(y, p):
        return 42.0

    with hinted(ValueError, "named 'loss'", "Rename"):
        network(metrics=[loss])


def test_numbers_too_large_for_the_type_of_the_model_are_refused(x):
    with hinted(ValueError, "more than float32 holds", "standardize"):
        network(dtype="float32").predict(x * 1e39)
    assert np.isfinite(network(dtype="float64").predict(x * 1e39)).all()


@pytest.mark.parametrize("dtype", ["flaot32", "int32", "words"])
def test_a_model_of_no_floating_point_type_is_refused(dtype):
    with hinted(ValueError, "dtype must be a type of floating point numbers", dtype, "float32"):
        nn.Sequential([Dense(1)], dtype=dtype)


@pytest.mark.parametrize("shape", [(ROWS, 4), (ROWS,)])
def test_an_upstream_gradient_of_another_shape_is_refused(shape, x):
    model = network()
    model.forward(x)
    with hinted(ValueError, r"the output's shape \(n, 1\)", "received"):
        model.backward(np.ones(shape))


@pytest.mark.parametrize(
    ("n", "part", "kept"),
    [(569, 0.2, 455), (10, 0.25, 7), (150, 0.33, 100), (7, 0.2, 5), (10, 0.8, 1), (500, 0.33, 334)],
)
def test_a_split_keeps_as_many_rows_as_in_keras(n, part, kept):
    model = network(Dense(1), loss="mse")
    seen = set()

    def rows(y, p):
        seen.add(len(y))
        return 0.0

    model.compile("sgd", "mse", metrics=[rows])
    model.fit(np.zeros((n, COLUMNS)), np.zeros(n), validation_split=part, batch_size=1000, verbose=0)
    assert seen == {kept, n - kept}


def test_a_split_that_leaves_one_part_empty_is_refused(x, y):
    with hinted(ValueError, "leaves nothing to train on", "40"):
        network().fit(x, y, validation_split=0.99, verbose=0)
    with hinted(ValueError, "leaves nothing to validate on", "40"):
        network().fit(x, y, validation_split=1e-17, verbose=0)


def test_a_schedule_may_answer_with_an_array_of_no_axes(x, y):
    told = [network(optimizer=nn.optimizers.SGD(rate)) for rate in (0.1, lambda step: np.where(step < 99, 0.1, 0.0))]
    losses = [model.fit(x, y, epochs=2, verbose=0).history["loss"] for model in told]
    assert losses[0] == losses[1]


def test_a_loss_that_is_lost_before_the_first_step_asks_for_no_rate(x, y):
    model = network(Dense(1), loss="mse", optimizer=nn.optimizers.SGD(lambda step: 0.1 / (step + 1)))
    with pytest.raises(FloatingPointError, match="before the first step"):
        model.fit(x * 1e300, y, verbose=0)


ENDINGS = {
    "softmax over one unit": (Dense(1, "softmax"), "binary_crossentropy", "Dense\\(1, 'sigmoid'\\)"),
    "scores where probabilities are needed": (Dense(1), "binary_crossentropy", "activation='sigmoid'"),
    "relu where probabilities are needed": (
        Dense(3, "relu"),
        "sparse_categorical_crossentropy",
        "activation='softmax'",
    ),
    "probabilities where scores are needed": (
        Dense(1, "sigmoid"),
        nn.losses.BinaryCrossentropy(from_logits=True),
        "takes scores.*Drop one of the two",
    ),
}


@pytest.mark.parametrize("case", ENDINGS)
def test_an_end_that_the_loss_cannot_work_with_is_refused(case, x, y):
    layer, loss, words = copy.deepcopy(ENDINGS[case])
    with hinted(ValueError, words):
        network(layer, loss=loss).fit(x, y, verbose=0)


def test_a_forgotten_flatten_is_suspected():
    x = np.zeros((5, 4, 4))
    for loss, layer in [("sparse_categorical_crossentropy", Dense(2, "softmax")), ("mse", Dense(1))]:
        model = nn.Sequential([layer])
        model.compile("adam", loss)
        with hinted(ValueError, r"Was a Flatten\(\) forgotten"):
            model.fit(x, np.zeros(5), verbose=0)


@pytest.mark.parametrize(
    ("came", "words"),
    [
        ((2, 3, 5, 4), r"x\.transpose\(0, 2, 3, 1\)"),
        ((5, 4, 3), r"x\[None\]"),
        ((2, 60), r"x\.reshape\(-1, 5, 4, 3\)"),
    ],
)
def test_images_of_another_shape_are_shown_the_way_in(came, words):
    model = nn.Sequential([nn.layers.Flatten(input_shape=(5, 4, 3))])
    with hinted(ValueError, words):
        model.predict(np.zeros(came))


def test_a_model_that_met_the_wrong_x_first_says_so(x, y):
    model = nn.Sequential([Dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y, verbose=0)
    with hinted(ValueError, "built for the first x that it met"):
        model.fit(x[:, :2], y, verbose=0)


def test_layers_are_neither_frozen_nor_removed_nor_told_other_shapes(x, y):
    model = network()
    with hinted(AttributeError, "cannot be frozen"):
        model.layers[0].trainable = False
    with hinted(AttributeError, "cannot be frozen"):
        model.trainable = False
    assert model.trainable
    model.layers.pop()
    with hinted(RuntimeError, "changed by hand"):
        model.fit(x, np.zeros((ROWS, 4)), verbose=0)
    with hinted(ValueError, r"was given input_shape=\(99,\), but receives \(4,\)"):
        nn.Sequential([Dense(4, input_shape=(3,)), Dense(1, input_shape=(99,))])
    with hinted(TypeError, "layers come in a list"):
        nn.Sequential(Dense(1))


def test_a_sigmoid_before_a_loss_of_classes_is_refused(x):
    model = network(Dense(3, "sigmoid"))
    model.compile("sgd", "sparse_categorical_crossentropy")
    with hinted(ValueError, "sum to 1", "softmax", "binary_crossentropy"):
        model.fit(x, np.arange(ROWS) % 3, verbose=0)


def test_too_few_units_are_told_from_labels_that_begin_at_1(x):
    for labels, hint in [
        (np.arange(ROWS) % 3, "For 3 classes the last layer needs as many units"),
        (1 + np.arange(ROWS) % 2, "y - 1"),
    ]:
        model = network(Dense(2, "softmax"))
        model.compile("sgd", "sparse_categorical_crossentropy")
        with hinted(ValueError, "labels must be whole numbers from 0 to 1", hint):
            model.fit(x, labels, verbose=0)


def test_rows_that_were_taken_for_one_example_are_told(x, y):
    model = nn.Sequential([Dense(1, input_shape=x.shape)])
    model.compile("sgd", "mse")
    with hinted(ValueError, r"use x\[None\]", rf"input_shape=\({x.shape[1]},\)"):
        model.fit(x, y, verbose=0)


def test_a_model_that_lost_its_weights_says_so_at_the_door(x, y):
    model = network()
    model.parameters = np.full(model.parameters.shape, np.nan)
    for train in (model.fit, model.train_steps):
        with hinted(ValueError, "weights hold NaN", "anew"):
            train(x, y)


def test_a_loss_that_is_lost_names_the_scale_of_x_where_it_is_large(x, y):
    model = network(Dense(1))
    model.compile(nn.SGD(1.0), "mse")
    words = "learning rate", "scale of x, which reaches", "standardize"
    with np.errstate(all="ignore"), hinted(FloatingPointError, *words):
        model.fit(1e5 * x, y, epochs=50, verbose=0)


def test_the_learning_rate_can_be_changed_and_nothing_else_is_taken_for_it():
    model = network()
    model.optimizer.learning_rate = 0.5
    assert model.optimizer.rate == 0.5
    for wrong, error in [(-0.5, ValueError), ("0.1", ValueError), (None, ValueError), (nn.Adam, TypeError)]:
        with hinted(error, "learning_rate must be"):
            model.optimizer.learning_rate = wrong
    with hinted(AttributeError, "no lr. Set its learning_rate"):
        model.optimizer.lr = 0.1
    with hinted(AttributeError, "no lr. It is called learning_rate"):
        _ = model.optimizer.lr


# Telling and keeping


def test_a_summary_tells_layers_shapes_and_counts(capsys):
    network(Dense(4, "relu"), Dropout(0.3), Dense(1, "sigmoid")).summary()
    told = capsys.readouterr().out
    for words in ["Dense(4, activation='relu')", "Dropout(0.3)", "(n, 4)", "16", "Parameters in all: 21"]:
        assert words in told
    nn.Sequential([Dense(4)]).summary()
    assert "not built yet" in capsys.readouterr().out


def rich():
    return network(
        Dense(4, "relu", kernel_regularizer=nn.regularizers.l2(0.01), kernel_initializer="he_normal"),
        Residual(Dense(4, nn.activations.LeakyRelu(0.2)), Dense(4)),
        Dropout(0.25),
        Dense(1),
        Activation("sigmoid"),
        optimizer=nn.optimizers.AdamW(0.01, weight_decay=0.1, global_clipnorm=1.0),
        metrics=["accuracy"],
    )


def test_a_saved_model_goes_on_as_if_nothing_had_happened(tmp_path, x, y):
    model = rich()
    model.fit(x, y, epochs=2, batch_size=8, verbose=0)
    model.save(tmp_path / "model.npz")
    loaded = nn.Sequential.load(tmp_path / "model.npz")
    assert repr(loaded) == repr(model) and repr(loaded.optimizer) == repr(model.optimizer)
    assert loaded.dtype == model.dtype
    np.testing.assert_array_equal(loaded.predict(x), model.predict(x))
    a, b = (m.fit(x, y, epochs=2, batch_size=8, verbose=0).history for m in (model, loaded))
    assert a == b
    assert [path.name for path in tmp_path.iterdir()] == ["model.npz"]


def test_a_model_whose_rate_has_come_down_to_0_is_saved_and_loaded(tmp_path, x, y):
    model = network()
    model.fit(x, y, epochs=1, verbose=0)
    model.optimizer.learning_rate = 0
    model.save(tmp_path / "model.npz")
    loaded = nn.Sequential.load(tmp_path / "model.npz")
    assert loaded.optimizer.learning_rate == 0
    np.testing.assert_array_equal(loaded.parameters, model.parameters)


def test_a_saved_model_may_be_read_by_whoever_may_read_ones_other_files(tmp_path):
    (tmp_path / "text").write_text("", encoding="utf-8")
    rich().save(tmp_path / "model.npz")
    assert (tmp_path / "model.npz").stat().st_mode == (tmp_path / "text").stat().st_mode
    with hinted(FileNotFoundError, "there is no folder"):
        rich().save(tmp_path / "nowhere" / "model.npz")


def test_a_file_of_a_model_holds_no_pickle(tmp_path):
    rich().save(tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz", allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file)


def test_what_is_no_model_is_not_loaded(tmp_path):
    np.savez(tmp_path / "other.npz", a=np.ones(3))
    (tmp_path / "text.npz").write_text("no model", encoding="utf-8")
    np.savez(tmp_path / "pickle.npz", page=np.array([{}], dtype=object))
    for name in ["other.npz", "text.npz", "pickle.npz"]:
        with hinted(ValueError, name, "not a model"):
            nn.Sequential.load(tmp_path / name)


class Twice(nn.layers.Layer):
    def forward(self, x, training=False):
        return 2 * x

    def backward(self, upstream):
        return 2 * upstream


def test_a_layer_of_ones_own_is_saved_by_name_and_loaded_on_request(tmp_path, x):
    model = network(Twice(), Dense(1))
    model.save(tmp_path / "model.npz")
    with hinted(ValueError, "Twice", "custom_objects"):
        nn.Sequential.load(tmp_path / "model.npz")
    loaded = nn.Sequential.load(tmp_path / "model.npz", custom_objects=[Twice])
    np.testing.assert_array_equal(loaded.predict(x), model.predict(x))


def test_load_is_asked_of_the_class_for_a_model_would_stay_as_it_is(tmp_path):
    model = network()
    model.save(tmp_path / "model.npz")
    with hinted(AttributeError, "makes a new model", r"Try Sequential\.load"):
        model.load(tmp_path / "model.npz")


def test_what_cannot_be_saved_leaves_the_old_file_alone(tmp_path):
    path = tmp_path / "model.npz"
    rich().save(path)
    before = path.read_bytes()
    with hinted(ValueError, "function", "cannot be saved"):
        network(Dense(1, kernel_initializer=lambda shape, rng: np.ones(shape))).save(path)
    assert path.read_bytes() == before
