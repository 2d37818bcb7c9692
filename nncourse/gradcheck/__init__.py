"""Is the gradient right? Ask the function itself (chapter 7).

`gradient` measures a slope and compares; it is the heart of a contract that has a few clauses more:
arguments stay as they were, float32 stays float32. `check_activation`, `check_loss`, `check_layer`
and `check_optimizer` hold the course's own to theirs, and yours: `check_layer(MyLayer(3), (4,))`.
"""

from .contracts import ContractReport, check_activation, check_loss, check_optimizer
from .gradient import GradientReport, check_gradient
from .layer import check_layer

__all__ = [
    "ContractReport",
    "GradientReport",
    "check_activation",
    "check_gradient",
    "check_layer",
    "check_loss",
    "check_optimizer",
]
