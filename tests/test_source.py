import functools

import numpy as np
import pytest

import nncourse as nn
from nncourse.source import Source, show_source


def test_a_function_a_class_and_a_module_show_their_source():
    assert repr(show_source(nn.activations.get)).startswith("def get(")
    assert repr(show_source(nn.Perceptron)).startswith("class Perceptron:")
    assert repr(show_source(nn.losses)).startswith('"""Losses')


def test_an_activation_shows_its_class():
    assert repr(show_source(nn.activations.relu)).startswith("class Relu(Activation):")


def test_a_method_is_shown_without_its_indentation():
    text = repr(show_source(nn.Perceptron.predict))
    assert text.startswith("def predict(") and "\n    return" in text
    assert repr(show_source(nn.Perceptron().predict)) == text


def test_a_decorated_function_shows_what_was_written():
    @functools.wraps(nn.activations.get)
    def wrapper(*args):
        return nn.activations.get(*args)

    assert repr(show_source(wrapper)).startswith("def get(")


def test_what_is_shown_is_what_runs():
    space = dict(vars(nn.activations))
    exec(repr(show_source(nn.activations.relu)), space)
    z = np.linspace(-2, 2, 9)
    np.testing.assert_array_equal(space["Relu"]()(z), nn.activations.relu(z))


def test_a_notebook_gets_a_fence_of_python():
    markdown = show_source(nn.Perceptron)._repr_markdown_()
    assert markdown.startswith("```python\nclass Perceptron:")
    assert markdown.endswith("\n```")


def test_a_fence_is_longer_than_any_inside():
    assert Source('"""```"""')._repr_markdown_() == '````python\n"""```"""\n````'


@pytest.mark.parametrize(
    ("thing", "named"),
    [
        (len, "len"),
        (np.zeros(3), "an object of type ndarray"),
        (np.exp, "exp"),
        (3, "type int"),
        ([], "type list"),
    ],
)
def test_what_has_no_python_source_is_refused(thing, named):
    with pytest.raises(TypeError, match=f"expected a function or class of Python source, got .*{named}"):
        show_source(thing)


def test_a_function_without_source_is_refused():
    namespace = {}
    exec("def f(): pass", namespace)
    with pytest.raises(TypeError, match="expected a function or class of Python source, got f"):
        show_source(namespace["f"])
