import math
import sys

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import nncourse as nn
from nncourse.scalar import Value

# Random expressions in x0, x1, x2. Every one is defined and smooth wherever its relus are off the kink: what is
# divided by, drawn the root or the logarithm of is a square plus 1.
leaves = st.one_of(
    st.sampled_from(["x0", "x1", "x2"]),
    st.floats(-2, 2).map(lambda number: round(number, 2)),
)
expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["+", "-", "*", "/"]), inner, inner),
        st.tuples(st.sampled_from(["neg", "exp", "log", "tanh", "sigmoid", "relu"]), inner),
        st.tuples(st.just("**"), inner, st.sampled_from([-2, -0.5, 0, 0.5, 1, 2, 3])),
    ),
    max_leaves=10,
)
points = st.tuples(*[st.floats(-2, 2)] * 3).map(list)


def evaluate(expression, x, call):
    """Compute an expression from x0, x1, x2, which are `Value`s or tensors; `call(name, z)` is a function of one."""
    if isinstance(expression, str):
        return x[int(expression[1])]
    if isinstance(expression, float):
        return expression
    operation, *inputs = expression
    a, *others = (evaluate(one, x, call) for one in inputs if operation != "**" or one is inputs[0])
    match operation:
        case "+":
            return a + others[0]
        case "-":
            return a - others[0]
        case "*":
            return a * others[0]
        case "/":
            return a / (others[0] * others[0] + 1)
        case "**" if inputs[1] in (1, 2, 3):
            return (a + x[0]) ** inputs[1]
        case "**":
            return (a * a + x[0] * x[0] + 1) ** inputs[1]
        case "neg":
            return -(a + x[0])
        case "log":
            return call("log", a * a + x[1] * x[1] + 1)
        case "exp":
            return call("exp", call("tanh", a + x[1]))
        case _:
            return call(operation, a + x[2])


def by_value(expression, at):
    """Return the inputs and the result of an expression, with all gradients."""
    x = [Value(number, f"x{i}") for i, number in enumerate(at)]
    result = evaluate(expression, x, lambda name, z: getattr(z, name)())
    assume(isinstance(result, Value))
    result.backward()
    assume(all(abs(node.data) < 1e3 for node in result.graph()))
    return x, result


@settings(deadline=None)
@given(expressions, points)
def test_gradients_are_the_slopes_that_can_be_measured(expression, at):
    x, result = by_value(expression, at)
    h = 1e-4
    # Rounding moves every node by half a unit in its last place, and the result by its gradient times that.
    noise = sum(abs(node.data * node.grad) for node in result.graph()) * sys.float_info.epsilon

    def open_relus(result):
        return [node.slopes for node in result.graph() if node.operation == "relu"]

    def slope(i, h):
        right, left = list(at), list(at)
        right[i] += h
        left[i] -= h
        above, below = by_value(expression, right)[1], by_value(expression, left)[1]
        assume(open_relus(above) == open_relus(result) == open_relus(below))  # no kink in between
        return (above.data - below.data) / (right[i] - left[i])

    for i, variable in enumerate(x):
        long, short = slope(i, h), slope(i, h / 2)
        # The short step errs a third as much as both differ, as long as the curvature's change is what decides.
        assert variable.grad == pytest.approx(short, abs=abs(long - short) + 8 * noise / h + 1e-9)


@settings(deadline=None)
@given(expressions, points)
def test_gradients_are_those_of_pytorch(expression, at):
    torch = pytest.importorskip("torch", reason="PyTorch is the oracle here. To run this test: pip install torch")
    x, result = by_value(expression, at)
    tensors = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in at]
    theirs = evaluate(expression, tensors, lambda name, z: getattr(torch, name)(z))
    theirs.backward()
    assert result.data == pytest.approx(theirs.item(), rel=1e-10, abs=1e-10)
    for variable, tensor in zip(x, tensors, strict=True):
        slope = 0.0 if tensor.grad is None else tensor.grad.item()
        assert variable.grad == pytest.approx(slope, rel=1e-10, abs=1e-10)


FUNCTIONS = {
    "+": (lambda a: a + 3, 1),
    "radd": (lambda a: 3 + a, 1),
    "-": (lambda a: a - 3, 1),
    "rsub": (lambda a: 3 - a, -1),
    "*": (lambda a: a * 3, 3),
    "rmul": (lambda a: 3 * a, 3),
    "/": (lambda a: a / 4, 0.25),
    "rdiv": (lambda a: 1 / a, -4),
    "**": (lambda a: a**3, 0.75),
    "root": (lambda a: a**0.5, 0.5**0.5),
    "power 0": (lambda a: a**0, 0),
    "neg": (lambda a: -a, -1),
    "exp": (Value.exp, math.exp(0.5)),
    "log": (Value.log, 2),
    "tanh": (Value.tanh, 1 / math.cosh(0.5) ** 2),
    "sigmoid": (Value.sigmoid, math.exp(0.5) / (1 + math.exp(0.5)) ** 2),
    "relu": (Value.relu, 1),
}


@pytest.mark.parametrize(("function", "slope"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_each_operation_has_its_slope_at_one_half(function, slope):
    a = Value(0.5)
    function(a).backward()
    assert a.grad == pytest.approx(slope, rel=1e-14)


def test_the_worked_example():
    # L = (w x + b - y)^2 at w = 2, x = -3, b = 10, y = 5: the residual is -1, so dL/db = -2 and dL/dw = -2 x = 6.
    w, x, b = Value(2, "w"), Value(-3, "x"), Value(10, "b")
    residual = w * x + b - 5
    loss = residual**2
    loss.backward()
    assert (loss.data, residual.grad, b.grad, w.grad, x.grad) == (1, -2, -2, 6, -4)


def test_gradients_add_where_a_value_is_used_twice():
    x = Value(3.0)
    (x * x).backward()
    assert x.grad == 6
    (x + x).backward()
    assert x.grad == 2
    (x - x).backward()
    assert x.grad == 0
    (x / x).backward()
    assert x.grad == pytest.approx(0, abs=1e-16)
    (x.exp() * x).backward()  # two paths of different length
    assert x.grad == pytest.approx(4 * math.exp(3), rel=1e-15)


def test_a_graph_with_many_paths_is_walked_node_by_node():
    x = Value(1.0)
    doubled = x
    for _ in range(60):
        doubled = doubled + doubled  # 2^60 paths, 61 nodes
    doubled.backward()
    assert x.grad == 2.0**60
    assert len(doubled.graph()) == 61


@pytest.mark.parametrize("step", [lambda total, x: total + x, lambda total, x: x + total])
def test_a_graph_may_be_deeper_than_the_stack_of_python(step):
    x = Value(1.0)
    total = x
    for _ in range(10_000):
        total = step(total, x)
    total.backward()
    assert x.grad == 10_001
    assert len(total.graph()) == 10_001
    assert sys.getrecursionlimit() < 10_000


def test_a_second_backward_changes_nothing():
    x = Value(2.0)
    y = (x * x).exp()
    y.backward()
    first = x.grad
    y.backward()
    assert x.grad == first == pytest.approx(4 * math.exp(4), rel=1e-15)


def test_backward_overwrites_what_another_result_left():
    x, other = Value(2.0), Value(5.0)
    (x * other).backward()
    (3 * x).backward()
    assert x.grad == 3
    assert other.grad == 2  # not in the graph of the second result


def test_gradients_of_several_losses_add_when_the_losses_do():
    x = Value(2.0)
    first, second = 3 * x, x * x
    sum([first, second]).backward()
    assert x.grad == 3 + 4


def test_backward_from_the_middle_leaves_what_lies_above():
    x = Value(2.0)
    middle = x * x
    top = 5 * middle
    top.backward()
    middle.backward()
    assert (x.grad, middle.grad, top.grad) == (4, 1, 1)


def test_the_graph_lists_children_before_what_they_are_children_of():
    a, b = Value(2, "a"), Value(3, "b")
    c = a * b
    d = (c + a).tanh()
    order = d.graph()
    assert len(order) == len(set(map(id, order))) == 5
    assert order[-1] is d
    place = {id(node): i for i, node in enumerate(order)}
    assert all(place[id(child)] < place[id(node)] for node in order for child in node.children)
    assert [node.operation for node in order] == ["", "", "*", "+", "tanh"]
    assert [node.label for node in order] == ["a", "b", "", "", ""]
    assert [node.label for node in (a - b).graph()] == ["a", "b", ""]  # as they are written
    assert [node.label for node in (b - a).graph()] == ["b", "a", ""]


def test_edges_carry_the_slopes_which_multiply_along_a_path():
    x = Value(0.5, "x")
    inner = 3 * x
    outer = inner.sigmoid()
    outer.backward()
    (slope,) = outer.slopes
    assert inner.children[0] is x and outer.children == (inner,)
    assert inner.slopes[0] * slope == x.grad


def test_a_value_prints_its_number_its_gradient_and_its_name():
    assert repr(Value(2)) == "Value(2, grad=0)"
    w = Value(-0.123456789, "w")
    z = w * 2
    z.label = "z"
    z.backward()
    assert repr(w) == "Value(-0.123457, grad=2, label='w')"
    assert repr(z) == "Value(-0.246914, grad=1, label='z')"


@pytest.mark.parametrize(
    "number", [np.float64(2), np.float32(2), np.int64(2), 2, 2.0], ids=lambda number: type(number).__name__
)
def test_numbers_of_numpy_count_as_numbers_on_either_side(number):
    x = Value(3.0)
    results = [
        number + x,
        x + number,
        number - x,
        x - number,
        number * x,
        x * number,
        number / x,
        x / number,
        x**number,
    ]
    assert all(type(result) is Value for result in results)
    assert [result.data for result in results] == pytest.approx([5, 5, -1, 1, 6, 6, 2 / 3, 1.5, 9])
    assert type(Value(number).data) is float


def test_a_loss_over_a_learning_step_falls():
    w, x, y = Value(0.5, "w"), Value(2.0), Value(3.0)

    def loss():
        return (w * x - y) ** 2

    before = loss()
    before.backward()
    w.data -= 0.1 * w.grad
    assert loss().data < before.data


def test_sigmoid_and_its_slope_keep_their_digits_far_out():
    for z in (-700.0, -30.0, 30.0, 700.0):
        x = Value(z)
        s = x.sigmoid()
        s.backward()
        assert s.data == pytest.approx(float(nn.activations.sigmoid(z)), rel=1e-15)
        assert x.grad == pytest.approx(math.exp(-abs(z)), rel=1e-12)


def test_the_kink_of_relu_has_the_slope_that_the_activation_has():
    x = Value(0.0)
    x.relu().backward()
    assert x.grad == nn.activations.relu.derivative(0.0) == 0


@pytest.mark.parametrize("rows", [slice(0, 1), slice(None)], ids=["one example", "the whole table"])
def test_a_small_network_has_the_gradients_of_the_package(rows):
    x, y = (array[rows] for array in nn.datasets.logic_gate("XOR"))
    dense = nn.layers.Dense
    model = nn.Sequential([dense(2, "sigmoid", input_shape=(2,)), dense(1, "sigmoid")], dtype="float64", seed=1)
    model.parameters = np.random.default_rng(0).normal(size=9)
    model.compile(loss="mse")
    loss, gradient = model.objective(x, y)(model.parameters)

    w = [Value(number, f"w{i}") for i, number in enumerate(model.parameters.tolist())]
    errors = []
    for (x1, x2), target in zip(x.tolist(), y.tolist(), strict=True):
        h1 = (w[0] * x1 + w[2] * x2 + w[4]).sigmoid()
        h2 = (w[1] * x1 + w[3] * x2 + w[5]).sigmoid()
        errors.append(((w[6] * h1 + w[7] * h2 + w[8]).sigmoid() - target) ** 2)
    mean = sum(errors) / len(errors)
    mean.backward()
    assert mean.data == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose([one.grad for one in w], gradient, rtol=1e-12, atol=1e-17)


@pytest.mark.parametrize(
    ("compute", "error", "message"),
    [
        (lambda x: Value("2"), TypeError, r"expected a number or a Value, received '2'. Try float\('2'\)"),
        (lambda x: Value(None), TypeError, "expected a number or a Value, received None"),
        (lambda x: Value(2j), TypeError, "expected a number or a Value, received 2j"),
        (lambda x: Value(x), TypeError, "expected a number or a Value, received Value"),
        (lambda x: x + "2", TypeError, "expected a number or a Value, received '2'"),
        (lambda x: [1.0] * x, TypeError, "expected a number or a Value, received"),
        (lambda x: np.array([1.0, 2.0]) * x, TypeError, r"received array\(\[1., 2.\]\)"),
        (lambda x: x - np.array([1.0, 2.0]), TypeError, r"received array\(\[1., 2.\]\)"),
        (lambda x: x**x, TypeError, r"expected a number as power, received Value.* Try \(x.log\(\) \* n\).exp\(\)"),
        (lambda x: 2**x, TypeError, r"expected a number as power.* Try \(x \* math.log\(2\)\).exp\(\)"),
        (lambda x: x / 0, ZeroDivisionError, "2 / 0 is not a number"),
        (lambda x: 1 / (x - 2), ZeroDivisionError, "1 / 0 is not a number"),
        (lambda x: (x - 2) ** -1, ZeroDivisionError, r"0 \*\* -1 is not a number"),
        (lambda x: (x - 2) ** 0.5, ZeroDivisionError, r"0 \*\* 0.5 has no finite slope"),
        (lambda x: (-x) ** 0.5, ValueError, r"-2 \*\* 0.5 is not a real number"),
        (lambda x: (x - 2).log(), ValueError, "log needs a number above 0, received 0"),
        (lambda x: (-x).log(), ValueError, "log needs a number above 0, received -2"),
    ],
)
def test_what_has_no_value_or_no_slope_is_refused(compute, error, message):
    with pytest.raises(error, match=message):
        compute(Value(2.0))


def test_a_misspelt_attribute_is_refused():
    with pytest.raises(AttributeError):
        Value(2.0).gard = 1.0


def test_no_function_of_numpy_or_math_loses_the_graph_in_silence():
    for function in (np.exp, math.exp, float):
        with pytest.raises(TypeError):
            function(Value(1.0))
