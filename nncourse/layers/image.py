"""What all layers for images ask of their input."""

__all__ = ["image_shape"]


def image_shape(layer, shape) -> tuple[int, int, int]:
    """Return the shape (height, width, channels) of an image, or say what is wrong with it."""
    if len(shape) != 3:
        raise ValueError(
            f"{layer!r} expects images of shape (height, width, channels), received {tuple(shape)}. "
            "Grey images have one channel: try x[..., None]."
        )
    return shape
