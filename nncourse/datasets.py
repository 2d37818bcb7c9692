"""Examples to learn from, small enough to see through (from chapter 1 on).

Every function returns `(x, y)`: rows `x (n, d)` and one number `y (n,)` a row, both float64. Where
a class is asked for, y is 0 or 1; more classes are 0, 1, 2 and so on. What is random comes from a
`seed` passed by keyword, and the same seed gives the same data. The landscapes of `surfaces`, on
which optimizers are tried out, can be had from here too.
"""

from dataclasses import dataclass

import numpy as np

from .surfaces import beale, double_well, himmelblau, parabola, plateau, ravine, rosenbrock, saddle
from .validation import chosen, numbers, positive, whole

__all__ = [
    "Dataset",
    "beale",
    "blobs",
    "boolean_functions",
    "breast_cancer",
    "circles",
    "diabetes",
    "digits",
    "dosage",
    "double_well",
    "exam_hours",
    "himmelblau",
    "iris",
    "logic_gate",
    "moons",
    "noisy_sine",
    "parabola",
    "plateau",
    "ravine",
    "rosenbrock",
    "saddle",
    "spirals",
    "standardize",
    "study_habits",
    "wine",
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
    outputs = GATES.get(str(name).upper()) or chosen("the name of a gate", name, GATES)
    return _two_bits(), _bits(outputs)


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
    n, separation = whole("n", n), positive("separation", separation, zero=True, hint="Try 4.0.")
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2.0
    centre = (y - 0.5) * separation / np.sqrt(2)  # the same coordinate twice: on the diagonal
    return centre[:, None] + rng.normal(size=(n, 2)), y


def moons(n: int = 200, *, noise: float = 0.1, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return n points x (n, 2) of two half circles that reach into each other, from each in turn.

    Class 0 is the upper half of the unit circle around (0, 0), class 1 the lower half of the one
    around (1, 0.5). Both coordinates carry Gaussian noise of standard deviation `noise`.
    """
    y, rng = _in_turn(n, 2), np.random.default_rng(seed)
    t = rng.uniform(0, np.pi, y.size)
    x = np.where(y, [1 - np.cos(t), 0.5 - np.sin(t)], [np.cos(t), np.sin(t)]).T
    return _noisy(x, noise, rng), y


def circles(n: int = 200, *, radius: float = 0.5, noise: float = 0.05, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return n points x (n, 2) of two circles around the origin, from each in turn.

    Class 0 lies on the unit circle, class 1 inside, on a circle of that `radius`. Both coordinates
    carry Gaussian noise of standard deviation `noise`.
    """
    y, rng = _in_turn(n, 2), np.random.default_rng(seed)
    t = rng.uniform(0, 2 * np.pi, y.size)
    r = np.where(y, positive("radius", radius), 1)
    return _noisy(np.column_stack([r * np.cos(t), r * np.sin(t)]), noise, rng), y


def spirals(
    n: int = 300, *, arms: int = 2, turns: float = 1.0, noise: float = 0.02, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return n points x (n, 2) of spiral arms that wind out of the origin, from each arm in turn.

    An arm is a class, 0 to arms - 1. Over `turns` turns it runs from radius 0.1 to radius 1, at
    the angle 2 pi (turns * radius + class / arms). Both coordinates carry Gaussian noise of
    standard deviation `noise`.
    """
    arms = whole("arms", arms, least=2)
    y, rng = _in_turn(n, arms), np.random.default_rng(seed)
    r = rng.uniform(0.1, 1, y.size)
    t = 2 * np.pi * (positive("turns", turns) * r + y / arms)
    return _noisy(np.column_stack([r * np.cos(t), r * np.sin(t)]), noise, rng), y


def noisy_sine(n: int = 20, *, noise: float = 0.3, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return n numbers x (n, 1), uniform between 0 and 1, and y = sin(2 pi x) plus noise.

    The noise is Gaussian with standard deviation `noise`: the curve to find, and what no model
    can find (after Bishop, Pattern Recognition and Machine Learning, 2006, section 1.1).
    """
    rng = np.random.default_rng(seed)
    x = rng.random((whole("n", n), 1))
    return x, _noisy(np.sin(2 * np.pi * x[:, 0]), noise, rng)


def dosage() -> tuple[np.ndarray, np.ndarray]:
    """Return three doses of a medicine x (3, 1), low, medium and high, and whether each worked.

    Only the medium dose does: y is 0, 1, 0 at 0, 0.5 and 1 (after StatQuest, Neural Networks Pt. 2:
    Backpropagation Main Ideas).
    """
    return np.array([[0.0], [0.5], [1.0]]), np.array([0.0, 1.0, 0.0])


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
    n = whole("n", n)
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
    flowers = _from_sklearn("iris")
    names = [str(name) for name in flowers.target_names]
    if isinstance(classes, str) or len(classes) != 2 or classes[0] == classes[1]:
        raise ValueError(f"expected two different classes, received {classes!r}. Try ('setosa', 'versicolor').")
    if isinstance(features, str):
        raise ValueError(f"expected a tuple of features, received {features!r}. Try ({features!r},).")
    negative, positive = (_position(name, names, "class") for name in classes)
    columns = [_position(name, flowers.feature_names, "feature") for name in features]
    rows = np.isin(flowers.target, (negative, positive))
    return flowers.data[rows][:, columns].astype(np.float64), (flowers.target[rows] == positive).astype(np.float64)


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """A table with its names; `x, y = dataset` takes it apart.

    x (n, d) has a name for each column in `feature_names`. Class i is called `class_names[i]`;
    where y is a quantity and not a class, there are no class names.
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...] = ()

    def __iter__(self):
        return iter((self.x, self.y))

    def __repr__(self):
        y = f"{len(self.class_names)} classes" if self.class_names else "a quantity"
        if len(self.class_names) == 2:
            y = "0 = {}, 1 = {}".format(*self.class_names)
        return f"Dataset({self.name}: x {self.x.shape}, y {y})"


def breast_cancer() -> Dataset:
    """Return 569 tumours, 30 measurements of cell nuclei each; y is 1 where it is malignant.

    So the positive class is the one that a doctor looks for, and recall is the share of cancers
    that were found. Mind the difference: in scikit-learn's copy of these data, from which they are
    taken, 1 means benign, and y is 1 - target. 212 are malignant (Street, Wolberg and Mangasarian,
    1993).
    """
    table = _from_sklearn("breast_cancer")
    return _dataset("breast cancer", table, 1 - table.target, ("benign", "malignant"))


def digits() -> Dataset:
    """Return 1797 handwritten digits of 8 x 8 pixels, row by row, with values from 0 to 16.

    x is (1797, 64) and y the digit, 0 to 9. `x.reshape(-1, 8, 8, 1)` are the images (Alpaydin and
    Kaynak, 1998; scikit-learn's copy holds the test set).
    """
    table = _from_sklearn("digits")
    return _dataset("digits", table, table.target, map(str, range(10)))


def wine() -> Dataset:
    """Return 178 wines, 13 measurements each; y is the cultivar, 0, 1 or 2.

    Their scales differ by a factor of a thousand (Forina et al., 1988; scikit-learn's copy).
    """
    table = _from_sklearn("wine")
    return _dataset("wine", table, table.target, table.target_names)


def diabetes() -> Dataset:
    """Return 442 patients, 10 measurements each; y is how far their diabetes has come a year later.

    x is in its own units: years, mm Hg, mg/dl. scikit-learn hands out its copy standardized on all
    rows unless asked, which a test set must not see (Efron et al., Least angle regression, 2004).
    """
    table = _from_sklearn("diabetes", scaled=False)
    return _dataset("diabetes", table, table.target)


def _from_sklearn(name, **options):
    """Load a table that is part of scikit-learn: nothing is downloaded."""
    try:
        from sklearn import datasets
    except ModuleNotFoundError as error:
        raise ImportError(f'datasets.{name} needs scikit-learn: pip install "nncourse[data]"') from error
    return getattr(datasets, f"load_{name}")(**options)


def _dataset(name, table, y, classes=()):
    x, y = (np.array(array, dtype=np.float64) for array in (table.data, y))
    return Dataset(name, x, y, tuple(map(str, table.feature_names)), tuple(map(str, classes)))


def standardize(x, reference=None) -> np.ndarray:
    """Return x (n, d) with each column as (x - mean) / standard deviation.

    Both are measured on `reference` (m, d), the training rows, or on x.
    """
    x = numbers("x", x).astype(np.float64)
    base = x if reference is None else numbers("reference", reference)
    base = base.astype(np.float64)
    if x.ndim != 2 or base.ndim != 2 or x.shape[1] != base.shape[1]:
        raise ValueError(
            "x and reference must be tables with the same columns, "
            f"received {x.shape} and {base.shape}. "
            "One column is x[:, None]."
        )
    constant = np.flatnonzero(base.min(axis=0) == base.max(axis=0)).tolist()
    if constant:
        message = f"columns {constant} have only one value, so they cannot"
        raise ValueError(f"{message} be scaled. Drop them first.")
    return (x - base.mean(axis=0)) / base.std(axis=0)


def _in_turn(n, classes):
    return np.arange(whole("n", n)) % float(classes)


def _noisy(values, noise, rng):
    return values + positive("noise", noise, zero=True) * rng.normal(size=values.shape)


def _position(name, names, kind):
    return chosen(f"the name of a {kind}", name, {one: place for place, one in enumerate(names)})
