"""What layers for sequences share: an example is a row of steps, each a vector (chapter 16)."""

__all__ = ["steps_and_width"]


def steps_and_width(layer, input_shape) -> tuple[int, int]:
    """Return (steps, d), the shape of an example that is a sequence, or say what was given instead."""
    if len(input_shape) == 2:
        return input_shape
    hint = ""
    if len(input_shape) == 1:
        hint = (
            " A sequence of numbers is x[..., None], words go through an Embedding first, and a SimpleRNN "
            "hands on all its steps with return_sequences=True."
        )
    raise ValueError(f"{layer!r} expects sequences of shape (steps, d), received {tuple(input_shape)}.{hint}")
