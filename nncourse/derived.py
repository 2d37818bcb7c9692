"""Classes derived from ours: which of their methods still belong together (chapter 7).

Some pieces say the same thing twice, once as the formula stands and once faster: a loss has a slope
that its activation simplifies, a layer a way back in two halves. Whoever derives a class and writes
one of them anew has not written the other. The one that was written last speaks.
"""

__all__ = ["overridden"]


def overridden(cls: type, names, by) -> bool:
    """Whether a method of `by` was written later than all of `names`: nearer to the front of the mro."""

    def place(name):
        return next((i for i, kind in enumerate(cls.__mro__) if name in vars(kind)), len(cls.__mro__))

    return min(map(place, by)) < min(map(place, names))
