import json

import numpy as np
import pytest
import traitlets

from nncourse import datasets
from nncourse.widgets import SigmoidNeuron
from nncourse.widgets.base import SNAPSHOT


def snapshot(widget):
    bundle, _ = widget._repr_mimebundle_()
    return bundle[SNAPSHOT]


def test_the_points_are_the_exam_results():
    x, y = datasets.exam_hours()
    np.testing.assert_array_equal(np.array(SigmoidNeuron().points), np.column_stack([x, y]))


def test_arrays_serve_as_points():
    widget = SigmoidNeuron(points=np.array([[1, 0], [3, 1]]))
    assert widget.points == [[1.0, 0.0], [3.0, 1.0]]


@pytest.mark.parametrize("setting", [{"w": 10.5}, {"b": -41}, {"learning_rate": 0}, {"w": "steep"}, {"hold": "here"}])
def test_a_setting_outside_its_range_is_refused_by_name(setting):
    with pytest.raises(traitlets.TraitError, match=f"'{next(iter(setting))}' trait of a SigmoidNeuron"):
        SigmoidNeuron(**setting)


@pytest.mark.parametrize("name", ["w", "b", "learning_rate", "hold"])
def test_not_a_number_is_refused(name):
    with pytest.raises(traitlets.TraitError, match=f"{name} must be a finite number, got nan"):
        SigmoidNeuron(**{name: float("nan")})


@pytest.mark.parametrize("point", [[8.0, 1], [-0.1, 0], [2.0, 0.5], [float("nan"), 1], [2.0, -1]])
def test_a_point_off_the_axis_or_without_a_class_is_refused(point):
    with pytest.raises(
        traitlets.TraitError, match=r"a point is \[hours, passed\] with hours from 0 to 7 and passed 0 or 1"
    ):
        SigmoidNeuron(points=[[1.0, 0], point])


def test_the_neuron_is_a_step_or_a_sigmoid():
    with pytest.raises(traitlets.TraitError, match="mode"):
        SigmoidNeuron(mode="relu")


def test_observers_hear_of_changes():
    widget, heard = SigmoidNeuron(), []
    widget.observe(lambda change: heard.append((change.name, change.new)), ["w", "mode"])
    widget.w, widget.mode = 3.0, "step"
    assert heard == [("w", 3.0), ("mode", "step")]


def test_start_again_returns_to_what_was_asked_for():
    widget = SigmoidNeuron(w=3, b=-9.6, points=[[1, 0], [4, 1]])
    widget.w, widget.points = 5.0, [[2, 0]]
    assert widget.start == {"w": 3.0, "b": -9.6, "points": [[1.0, 0.0], [4.0, 1.0]]}


def test_the_snapshot_is_of_the_moment_of_display():
    widget = SigmoidNeuron(w=2)
    before = json.dumps(snapshot(widget))
    shown = snapshot(widget)
    widget.w, widget.points = 4.0, [[1, 0]]
    assert json.dumps(shown) == before
    assert shown["state"]["w"] == 2.0 and snapshot(widget)["state"]["w"] == 4.0


@pytest.mark.parametrize(
    ("widget", "says"),
    [
        (SigmoidNeuron(), "w = 1 and b = -2 fires (p = 0.5) at x = 2.00; loss 0.58"),
        (SigmoidNeuron(w=2, b=-6.5), "fires (p = 0.5) at x = 3.25; loss 0.46"),
        (SigmoidNeuron(w=0, b=0), "nowhere in particular, since w = 0; loss 0.69"),
        (SigmoidNeuron(w=2, b=-6.5, mode="step"), "switches at x = 3.25: 2 of 10 wrong"),
    ],
)
def test_the_description_tells_the_state(widget, says):
    assert says in widget.describe()


def test_the_repr_is_the_same_every_time():
    assert repr(SigmoidNeuron(w=2.5, b=-6)) == "SigmoidNeuron(w=2.5, b=-6, mode='sigmoid')"
