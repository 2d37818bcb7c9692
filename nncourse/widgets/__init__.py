"""Widgets that respond on a static page, and answer to Python where a kernel runs.

Each is a pair: `name.py` holds the state, `name.js` draws it and holds the arithmetic as pure functions, which the
tests compare with `nncourse`.
"""

from nncourse.widgets.activation_explorer import ActivationExplorer
from nncourse.widgets.attention_map import AttentionMap
from nncourse.widgets.ball_in_landscape import BallInLandscape
from nncourse.widgets.base import Widget
from nncourse.widgets.batch_size import BatchSize
from nncourse.widgets.bias_variance import BiasVariance
from nncourse.widgets.chain_rule import ChainRule
from nncourse.widgets.confusions import Confusions
from nncourse.widgets.convolution_filter import ConvolutionFilter
from nncourse.widgets.dropout_masks import DropoutMasks
from nncourse.widgets.early_stop import EarlyStop
from nncourse.widgets.loss_shapes import LossShapes
from nncourse.widgets.optimizer_race import OptimizerRace
from nncourse.widgets.peeking_at_the_test import PeekingAtTheTest
from nncourse.widgets.penalty_geometry import PenaltyGeometry
from nncourse.widgets.perceptron_stepper import PerceptronStepper
from nncourse.widgets.playground import Playground
from nncourse.widgets.quiz import Quiz, quiz
from nncourse.widgets.rate_schedule import RateSchedule
from nncourse.widgets.shifted_digit import ShiftedDigit
from nncourse.widgets.sigmoid_neuron import SigmoidNeuron
from nncourse.widgets.signal_depth import SignalDepth
from nncourse.widgets.softmax_temperature import SoftmaxTemperature
from nncourse.widgets.step_size import StepSize
from nncourse.widgets.three_two_one import ThreeTwoOne
from nncourse.widgets.threshold import Threshold
from nncourse.widgets.xor_hidden import XorHidden

__all__ = [
    "ActivationExplorer",
    "AttentionMap",
    "BallInLandscape",
    "BatchSize",
    "BiasVariance",
    "ChainRule",
    "Confusions",
    "ConvolutionFilter",
    "DropoutMasks",
    "EarlyStop",
    "LossShapes",
    "OptimizerRace",
    "PeekingAtTheTest",
    "PenaltyGeometry",
    "PerceptronStepper",
    "Playground",
    "Quiz",
    "RateSchedule",
    "ShiftedDigit",
    "SigmoidNeuron",
    "SignalDepth",
    "SoftmaxTemperature",
    "StepSize",
    "ThreeTwoOne",
    "Threshold",
    "Widget",
    "XorHidden",
    "quiz",
]
