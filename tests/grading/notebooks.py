"""Submissions for the tests: notebooks made of cells of code."""

import inspect
import json
import textwrap


def notebook(*cells):
    """A Jupyter notebook of these cells of code, as text."""
    made = [
        {"cell_type": "code", "source": cell, "metadata": {}, "outputs": [], "execution_count": None} for cell in cells
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def source_as(function, name):
    """The source of a function under another name."""
    return textwrap.dedent(inspect.getsource(function)).replace(f"def {function.__name__}(", f"def {name}(", 1)


def answer(exercise, function=None):
    """A cell that answers an exercise: by default with its reference."""
    return source_as(function or exercise.reference, exercise.name)
