"""Widgets that respond on a static page, and answer to Python where a kernel runs.

Each is a pair: `name.py` holds the state, `name.js` draws it and holds the arithmetic as pure functions, which the
tests compare with `nncourse`.
"""

from nncourse.widgets.activation_explorer import ActivationExplorer
from nncourse.widgets.base import Widget
from nncourse.widgets.dropout_masks import DropoutMasks
from nncourse.widgets.optimizer_race import OptimizerRace
from nncourse.widgets.peeking_at_the_test import PeekingAtTheTest
from nncourse.widgets.penalty_geometry import PenaltyGeometry
from nncourse.widgets.perceptron_stepper import PerceptronStepper
from nncourse.widgets.playground import Playground
from nncourse.widgets.quiz import Quiz, quiz
from nncourse.widgets.sigmoid_neuron import SigmoidNeuron
from nncourse.widgets.step_size import StepSize
from nncourse.widgets.threshold import Threshold
from nncourse.widgets.xor_hidden import XorHidden

__all__ = [
    "ActivationExplorer",
    "DropoutMasks",
    "OptimizerRace",
    "PeekingAtTheTest",
    "PenaltyGeometry",
    "PerceptronStepper",
    "Playground",
    "Quiz",
    "SigmoidNeuron",
    "StepSize",
    "Threshold",
    "Widget",
    "XorHidden",
    "quiz",
]
