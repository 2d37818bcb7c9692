import io
import subprocess
import sys

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.colors import to_rgb

import nncourse as nn
from nncourse import plot


@pytest.fixture(autouse=True)
def figures():
    """Give every test the course's style and take its figures away."""
    with matplotlib.rc_context():
        plot.use_style()
        yield
    plt.close("all")


X, Y = nn.datasets.logic_gate("AND")
EVERY = {
    "points": lambda ax: plot.points(X, Y, ax=ax, labels=("no", "yes")),
    "line": lambda ax: plot.line([2.0, 1.0], -1.5, ax=ax),
    "regions": lambda ax: plot.regions(lambda x: x[:, 0], ax=ax),
    "mistakes": lambda ax: plot.mistakes([2, 3, 3, 2, 1, 0], ax=ax),
    "curve": lambda ax: plot.curve(np.sin, 0, 6, ax=ax, label="sine"),
    "activation": lambda ax: plot.activation(nn.activations.sigmoid, ax=ax),
    "network": lambda ax: plot.network([3, 2, 1], ax=ax, weights="names"),
}
every_figure = pytest.mark.parametrize("draw", EVERY.values(), ids=EVERY)


def svg(figure):
    file = io.BytesIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


def words(ax):
    return [text.get_text() for text in ax.texts]


def test_every_figure_is_tested():
    assert {*EVERY, "use_style"} == set(plot.__all__)


@every_figure
def test_a_figure_is_drawn_on_the_axes_given_and_they_come_back(draw):
    _, (left, right) = plt.subplots(1, 2)
    assert draw(left) is left
    assert left.has_data() and not right.has_data()


@every_figure
def test_without_axes_a_figure_is_drawn_on_the_current_ones(draw):
    _, ax = plt.subplots()
    assert draw(None) is ax


@every_figure
def test_the_same_figure_gives_the_same_bytes(draw):
    files = []
    for _ in range(2):
        figure, ax = plt.subplots()
        draw(ax)
        files.append(svg(figure))
    assert files[0] == files[1]
    assert b"dc:date" not in files[0]


def test_classes_differ_by_shape_and_filling_not_only_by_colour():
    no, yes = plot.points(X, Y).collections
    assert len(no.get_offsets()) == 3 and len(yes.get_offsets()) == 1
    assert len(no.get_paths()[0].vertices) != len(yes.get_paths()[0].vertices)
    assert to_rgb(no.get_facecolor()[0]) == (1, 1, 1) != to_rgb(yes.get_facecolor()[0])


def luminance(colour):
    rgb = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return np.dot(rgb, [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("colour", [plot.INK, plot.MUTED, *plot.CURVES])
def test_words_and_curves_stand_out_from_the_paper(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_points_in_one_place_share_their_name():
    ax = plot.points([[0, 0], [1, 0], [1, 0]], [0, 1, 1], plt.figure().gca(), names=["00", "01", "10"])
    assert [text.get_text() for text in ax.texts] == ["00", "01, 10"]


def test_points_of_one_feature_stand_at_the_height_of_their_class():
    x, y = nn.datasets.exam_hours()
    for label, marks in enumerate(plot.points(x, y).collections):
        assert set(marks.get_offsets()[:, 1]) == {label}


@pytest.mark.parametrize(("x", "y"), [(np.ones((4, 3)), np.ones(4)), (np.ones(4), np.ones(4)), (X, Y[:, None])])
def test_points_of_another_shape_are_refused(x, y):
    with pytest.raises(ValueError, match=r"expected x \(n, 2\) or \(n, 1\) and y \(n,\)"):
        plot.points(x, y)


@pytest.mark.parametrize("weights", [[2.0, 1.0], [0.0, 1.0], [1.0, 0.0], [1e-3, -5.0], [[3.0], [1.0]]])
def test_the_score_is_zero_all_along_the_line_and_the_limits_stay(weights):
    ax = plot.points(X, Y)
    before = ax.get_xlim(), ax.get_ylim()
    plot.line(weights, -0.5, ax=ax)
    (drawn,) = ax.lines
    np.testing.assert_allclose(drawn.get_xydata() @ np.ravel(weights) - 0.5, 0, atol=1e-12)
    assert (ax.get_xlim(), ax.get_ylim()) == before


def test_weights_of_zero_draw_no_line():
    with pytest.raises(ValueError, match="both weights are 0"):
        plot.line([0, 0], 1.0)


def test_regions_ask_for_every_place_and_keep_the_limits():
    ax = plot.points(X, Y)
    before = ax.get_xlim(), ax.get_ylim()
    plot.regions(lambda x: x[:, :1] > 0.5, ax=ax)  # (n, 1), as a network answers
    (image,) = ax.images
    shade = image.get_array()
    assert (shade[:, 0] == 0).all() and (shade[:, -1] == 1).all()
    assert (ax.get_xlim(), ax.get_ylim()) == before


def test_regions_refuse_an_answer_that_is_not_one_number_a_row():
    with pytest.raises(ValueError, match="one number each, received shape"):
        plot.regions(lambda x: x)


def test_mistakes_are_bars_with_their_counts():
    ax = plot.mistakes([2, 3, 0])
    assert [bar.get_height() for bar in ax.patches] == [2, 3, 0]
    assert words(ax) == ["2", "3", "0"]
    assert plot.mistakes([0], ax=plt.figure().gca()).get_ylim()[1] > 1


def test_an_activation_is_drawn_over_its_dashed_derivative():
    ax = plot.activation(nn.activations.tanh)
    drawn = {line.get_label(): line for line in ax.lines}
    z, value = drawn["tanh"].get_data()
    np.testing.assert_array_equal(value, np.tanh(z))
    np.testing.assert_array_equal(drawn["derivative"].get_ydata(), nn.activations.tanh.derivative(z))
    assert drawn["derivative"].get_linestyle() == "--"


def test_a_network_of_3_2_1_has_six_neurons_and_eight_named_links():
    ax = plot.network([3, 2, 1], weights="names")
    assert len(ax.patches) == 6 and len(ax.lines) == 8
    expected = {f"$w_{{{i}}}$" for i in range(1, 9)} | {f"$+b_{{{i}}}$" for i in (1, 2, 3)}
    assert set(words(ax)) == expected


def test_a_network_shows_its_numbers_where_they_belong():
    weights = [np.array([[0.1, -0.2], [0.3, 0.4]]), np.array([[0.5], [-0.6]])]
    names = [["a", "b"], ["h1", "h2"], ["out"]]
    ax = plot.network([2, 2, 1], names=names, weights=weights, biases=[[1, -2], [0]], values=[[1, 2], [3, 4], [5]])
    assert [line.get_linestyle() for line in ax.lines] == ["-", "--", "-", "-", "-", "--"]
    shown = words(ax)
    assert shown[:6] == ["0.1", "−0.2", "0.3", "0.4", "0.5", "−0.6"]
    assert {"a", "b", "h1", "h2", "out", "1", "5", "+1", "−2", "+0"} <= set(shown)


def test_names_stay_inside_the_axes():
    figure, ax = plt.subplots()
    plot.network([3, 2, 1], ax=ax, names=[["IQ", "study hours", "play hours"], ["h1", "h2"], ["passes"]])
    figure.draw_without_rendering()
    frame = ax.get_window_extent()
    for text in ax.texts:
        box = text.get_window_extent()
        assert frame.x0 <= box.x0 and box.x1 <= frame.x1, text.get_text()


def test_in_a_notebook_figures_are_svg_without_a_date():
    code = (
        "from IPython.core.interactiveshell import InteractiveShell as Shell; shell = Shell.instance(); "
        "import matplotlib; matplotlib.use('Agg'); import nncourse as nn; nn.plot.use_style(); "
        "figure = nn.plot.mistakes([1, 0]).figure; "
        "data, _ = shell.display_formatter.format(figure, include={'image/svg+xml', 'image/png'}); "
        "assert set(data) == {'image/svg+xml'}, set(data); assert 'dc:date' not in data['image/svg+xml']"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_outside_a_notebook_no_shell_is_started():
    code = "import sys, nncourse as nn; nn.plot.use_style(); assert 'IPython' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr == ""
