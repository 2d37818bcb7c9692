"""Examples to learn from, small enough to see through (from chapter 1 on).

Every function returns `(x, y)`: rows `x (n, d)` and one number `y (n,)` a row, both float64. Where
a class is asked for, y is 0 or 1. What is random comes from a `seed` passed by keyword, and the
same seed gives the same data.
"""

import numpy as np

__all__ = [
    "blobs",
    "boolean_functions",
    "exam_hours",
    "iris",
    "logic_gate",
    "standardize",
    "study_habits",
]

# Outputs for the inputs 00, 01, 10, 11, in this order.
GATES = {"AND": "0001", "OR": "0111", "NAND": "1110", "NOR": "1000", "XOR": "0110", "XNOR": "1001"}


def _two_bits():
    return np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def _bits(table):
    return np.array([float(bit) for bit in table])


def logic_gate(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the truth table of AND, OR, NAND, NOR, XOR or XNOR.

    The inputs x (4, 2) come in the order 00, 01, 10, 11, with their outputs y (4,).
    """
    gate = str(name).upper()
    if gate not in GATES:
        raise ValueError(f"expected the name of a gate, received {name!r}. {_nearest(gate, GATES)}")
    return _two_bits(), _bits(GATES[gate])


def boolean_functions() -> list[tuple[str, np.ndarray]]:
    """Return all 16 functions of two bits as pairs of a name and y (4,).

    The name is the truth table, as in "0001" for AND; the inputs are those of `logic_gate`.
    """
    tables = [f"{number:04b}" for number in range(16)]
    return [(table, _bits(table)) for table in tables]


def blobs(n: int = 100, *, separation: float = 4.0, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return n points x (n, 2) of two round Gaussian clouds, from class 0 and class 1 in turn.

    Each cloud has standard deviation 1 in every direction; their centres lie `separation` apart, on
    the diagonal.
    """
    n = _count(n)
    if not (np.isfinite(separation) and separation >= 0):
        raise ValueError(
            f"separation must be a number from 0 on, received {separation!r}. Try 4.0."
        )
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2.0
    centre = (y - 0.5) * separation / np.sqrt(2)  # the same coordinate twice: on the diagonal
    return centre[:, None] + rng.normal(size=(n, 2)), y


def exam_hours() -> tuple[np.ndarray, np.ndarray]:
    """Return hours of study x (10, 1) of ten invented students, and whether each passed the exam.

    The classes overlap: one student passes with 2.5 hours and another fails with 4.
    """
    hours = [1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5]
    passed = [0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0]
    return np.array(hours)[:, None], np.array(passed)


def study_habits(n: int = 1000, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return n synthetic students x (n, 3), and who of them passes the exam.

    The columns are IQ, hours of study and hours of play a week. IQ has mean 100 and standard
    deviation 15. Study has mean 5 and standard deviation 2, kept between 0 and 10. Who studies more
    plays less: play is 4 - (study - 5) / 2 plus noise of standard deviation 1.5, kept between 0 and
    8. A student passes with probability sigmoid(0.06 (IQ - 100) + 0.8 (study - 5) - 0.4 (play -
    4)).
    """
    n = _count(n)
    rng = np.random.default_rng(seed)
    iq = rng.normal(100, 15, n)
    study = np.clip(rng.normal(5, 2, n), 0, 10)
    play = np.clip(4 - (study - 5) / 2 + rng.normal(0, 1.5, n), 0, 8)
    z = 0.06 * (iq - 100) + 0.8 * (study - 5) - 0.4 * (play - 4)
    passed = rng.logistic(size=n) < z  # true with probability sigmoid(z)
    return np.column_stack([iq, study, play]), passed.astype(np.float64)


def iris(
    classes: tuple[str, str] = ("setosa", "versicolor"),
    features: tuple[str, ...] = ("petal length (cm)", "petal width (cm)"),
) -> tuple[np.ndarray, np.ndarray]:
    """Return two of the three iris species (Fisher, 1936), 50 flowers each.

    y is 1 for the second species named. The measurements come from scikit-learn's copy, which is
    part of that package: nothing is downloaded.
    """
    try:
        from sklearn.datasets import load_iris
    except ModuleNotFoundError as error:
        raise ImportError(
            'datasets.iris needs scikit-learn: pip install "nncourse[data]"'
        ) from error
    flowers = load_iris()
    names = [str(name) for name in flowers.target_names]
    if isinstance(classes, str) or len(classes) != 2 or classes[0] == classes[1]:
        raise ValueError(
            f"expected two different classes, received {classes!r}. Try ('setosa', 'versicolor')."
        )
    if isinstance(features, str):
        raise ValueError(
            f"expected a tuple of features, received {features!r}. Try ({features!r},)."
        )
    negative, positive = (_position(name, names, "class") for name in classes)
    columns = [_position(name, flowers.feature_names, "feature") for name in features]
    rows = np.isin(flowers.target, (negative, positive))
    return flowers.data[rows][:, columns].astype(np.float64), (
        flowers.target[rows] == positive
    ).astype(np.float64)


def standardize(x, reference=None) -> np.ndarray:
    """Return x (n, d) in standard units: (x - mean) / standard deviation, column by column.

    Both are measured on `reference` (m, d), the training rows, and on x itself without one.
    """
    x = np.asarray(x, dtype=np.float64)
    reference = x if reference is None else np.asarray(reference, dtype=np.float64)
    if (
        x.ndim != 2
        or reference.ndim != 2
        or x.shape[1] != reference.shape[1]
        or len(reference) == 0
    ):
        raise ValueError(
            f"x and reference must have the same columns, received {x.shape} and {reference.shape}."
        )
    mean, deviation = reference.mean(axis=0), reference.std(axis=0)
    constant = np.flatnonzero(reference.min(axis=0) == reference.max(axis=0)).tolist()
    if constant:
        raise ValueError(
            f"columns {constant} have only one value, so they cannot be scaled. Drop them first."
        )
    return (x - mean) / deviation


def _count(n):
    if n != int(n) or n < 1:
        raise ValueError(f"n must be a whole number from 1 on, received {n!r}.")
    return int(n)


def _position(name, names, kind):
    if name not in names:
        raise ValueError(
            f"expected the name of a {kind}, received {name!r}. {_nearest(name, names)}"
        )
    return names.index(name)


def _nearest(name, known):
    from difflib import get_close_matches

    near = get_close_matches(str(name), known, n=1, cutoff=0.5)
    return f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}."
