"""What the grader and the box say to each other: frames of plain data, without pickle and without eval.

A frame is the length of a header (4 bytes), the header in JSON, and the raw bytes of its arrays. In the header a
number, a string, a truth value or None stands for itself; anything else is a list that opens with a letter: `t` a
tuple, `l` a list, `a` an array, `s` a NumPy scalar, `c` a complex number, `b` bytes, `o` a value that is not plain
data. Both ends use this file. What comes out of the box may have been written by the submission, so the reader
believes nothing.
"""

import json
import math
import select
import socket
import struct
from collections.abc import Callable, Iterator

import numpy as np

from ..exercises.outcome import Opaque

MAX_HEADER = 4 << 20
MAX_BODY = 64 << 20
MAX_DEPTH = 8
MAX_TEXT = 1 << 20
MAX_BITS = 10_000
MAX_DIMENSIONS = 16
ITEM_SIZES = {"b": (1,), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "f": (2, 4, 8), "c": (8, 16)}


class WireError(Exception):
    """The bytes are no frame, or a value does not fit into one."""


class Silence(Exception):
    """Nothing came in time."""


def pack(message: dict, values: object = None) -> bytes:
    """One frame: a few named facts, and a tree of plain data; a WireError where it is something else, or too much."""
    blocks = []
    header = {**message, "values": _encode(values, blocks), "blocks": list(map(len, blocks))}
    text = json.dumps(header).encode("ascii")
    if len(text) > MAX_HEADER or sum(map(len, blocks)) > MAX_BODY:
        raise WireError("too much for one message")
    return b"".join([struct.pack("<I", len(text)), text, *blocks])


def _encode(value: object, blocks: list, depth: int = 0) -> object:
    kind = type(value)
    if depth > MAX_DEPTH or (kind is int and value.bit_length() > MAX_BITS) or (kind is str and len(value) > MAX_TEXT):
        raise WireError("a value that is too deep, too large or too long")
    if value is None or kind in (bool, int, float, str):
        return value
    if kind in (list, tuple):
        return ["l" if kind is list else "t", *[_encode(item, blocks, depth + 1) for item in value]]
    if kind is complex:
        return ["c", value.real, value.imag]
    if kind is Opaque:
        return ["o", value.type[:100]]
    if isinstance(value, np.ndarray | np.generic):
        array = _portable(np.asarray(value))
        blocks.append(array.tobytes())
        return ["a" if isinstance(value, np.ndarray) else "s", array.dtype.str, list(array.shape)]
    if kind is bytes:
        blocks.append(value)
        return ["b"]
    raise WireError(f"expected plain data, received an object of type {kind.__name__}")


def _portable(array: np.ndarray) -> np.ndarray:
    """The array in a type that every machine knows."""
    if array.dtype.kind not in "biufcU":
        raise WireError(f"expected numbers, truth values or strings, received an array of dtype {array.dtype}")
    widest = {"f": np.dtype("<f8"), "c": np.dtype("<c16")}.get(array.dtype.kind, array.dtype)
    dtype = min(array.dtype, widest, key=lambda one: one.itemsize)
    return array.astype(dtype.newbyteorder("<"), order="C", copy=False)


def unpack(header: dict, body: bytes) -> object:
    """The tree of plain data in a frame; a WireError where anything about it is amiss."""
    try:
        blocks, start = [], 0
        for length in header["blocks"]:
            blocks.append(body[start : start + length])
            start += length
        rest = iter(blocks)
        value = _decode(header["values"], rest)
        if next(rest, None) is not None:
            raise WireError("more bytes than values")
        return value
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, RecursionError) as error:
        raise WireError(f"not a value: {type(error).__name__}") from None


def _decode(node: object, blocks: Iterator[bytes], depth: int = 0) -> object:
    if depth > MAX_DEPTH + 1:
        raise WireError("nested too deep")
    if node is None or type(node) in (bool, int, float):
        return node
    if type(node) is str:
        return _text(node, MAX_TEXT)
    if type(node) is not list:
        raise WireError("unknown kind of value")
    tag, *rest = node
    if tag in ("t", "l"):
        items = [_decode(item, blocks, depth + 1) for item in rest]
        return tuple(items) if tag == "t" else items
    if tag == "c":
        return complex(float(rest[0]), float(rest[1]))
    if tag == "o":
        return Opaque(_text(rest[0], 100))
    if tag == "b":
        return _next(blocks)
    if tag in ("a", "s"):
        array = _array(*rest, _next(blocks))
        return array if tag == "a" else array[()]
    raise WireError("unknown kind of value")


def _next(blocks: Iterator[bytes]) -> bytes:
    block = next(blocks, None)
    if block is None:
        raise WireError("more values than bytes")
    return block


def _text(text: object, most: int) -> str:
    """A string without lone surrogates, which no file could hold."""
    if type(text) is not str:
        raise WireError("expected a string")
    return text[:most].encode("utf-8", "replace").decode("utf-8")


def _array(name: object, shape: object, block: bytes) -> np.ndarray:
    if type(name) is not str or not 3 <= len(name) <= 8 or name[0] not in "<|" or not name[2:].isdecimal():
        raise WireError("unknown type of array")
    kind, size = name[1], int(name[2:])
    if kind != "U" and size not in ITEM_SIZES.get(kind, ()):
        raise WireError("unknown type of array")
    if type(shape) is not list or len(shape) > MAX_DIMENSIONS or any(type(n) is not int or n < 0 for n in shape):
        raise WireError("not a shape")
    dtype = np.dtype(name)
    if math.prod(shape) * dtype.itemsize != len(block) or (kind == "U" and not 1 <= size <= MAX_TEXT):
        raise WireError("shape and bytes do not agree")
    if kind == "b" and block.strip(b"\0\1"):
        raise WireError("not truth values")
    if kind == "U":
        points = np.frombuffer(block, "<u4")
        if np.any((points > 0x10FFFF) | ((points >= 0xD800) & (points < 0xE000))):
            raise WireError("not text")
    return np.frombuffer(block, dtype).reshape(shape).copy()


def send(channel: socket.socket, frame: bytes) -> None:
    """Write one frame, or raise Silence where the other side does not read it within the channel's timeout."""
    try:
        channel.sendall(frame)
    except TimeoutError:
        raise Silence from None


def receive(channel: socket.socket, wait: Callable[[socket.socket], None]) -> tuple[dict, bytes]:
    """Read one frame. `wait(channel)` returns once something is there to read, or raises."""
    (length,) = struct.unpack("<I", _exactly(channel, 4, wait))
    if length > MAX_HEADER:
        raise WireError("header too long")
    try:
        header = json.loads(_exactly(channel, length, wait))
    except (ValueError, RecursionError, MemoryError):  # [[[[... nests too deep for the reader of JSON
        raise WireError("header is not JSON") from None
    lengths = header.get("blocks") if type(header) is dict else None
    if type(lengths) is not list or any(type(n) is not int or n < 0 for n in lengths) or sum(lengths) > MAX_BODY:
        raise WireError("header without lengths")
    return header, _exactly(channel, sum(lengths), wait)


def _exactly(channel: socket.socket, count: int, wait: Callable[[socket.socket], None]) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        wait(channel)
        part = channel.recv(min(count - len(parts), 1 << 20))
        if not part:
            raise EOFError("the other side has gone")
        parts += part
    return bytes(parts)


def forever(channel: socket.socket) -> None:
    """A `wait` for `receive` that leaves it to the reading itself."""


def is_readable(channel: socket.socket, seconds: float) -> bool:
    """Whether something is there to read, or comes within some seconds."""
    poll = select.poll()  # unlike select, for handles of any number
    poll.register(channel, select.POLLIN)
    return bool(poll.poll(1000 * seconds))
