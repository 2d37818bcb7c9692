"""Frames: what goes in comes out, and nothing that comes in is believed."""

import itertools
import json
import socket
import struct
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nncourse.exercises import attempt, get, judge
from nncourse.exercises.outcome import Opaque, identical
from nncourse.grading import record, wire
from nncourse.grading.wire import WireError

EXERCISE = get("weighted-sum")
CASES = EXERCISE.cases(1)
REPORT_OF_REFERENCE = attempt(EXERCISE.reference, CASES)

numbers = (
    st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False) | st.complex_numbers(allow_nan=False)
)
arrays = hnp.arrays(
    st.sampled_from(["f8", "f4", "i8", "u1", "?", "c16", "U3", ">f8"]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    elements=None,
)
leaves = st.none() | numbers | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
trees = st.recursive(
    leaves | arrays, lambda inner: st.lists(inner, max_size=4) | st.lists(inner).map(tuple), max_leaves=10
)


def sent(data, wait=wire.forever):
    """What `receive` makes of these bytes, after which the other side hangs up."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        writer = threading.Thread(target=lambda: (theirs.sendall(data), theirs.shutdown(socket.SHUT_WR)))
        writer.start()
        try:
            return wire.receive(ours, wait)
        finally:
            ours.close()
            writer.join()


def frame(header, body=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<I", len(text)) + text + body


@given(trees)
@settings(max_examples=60, deadline=None)
def test_plain_data_come_out_as_they_went_in(tree):
    header, body = sent(wire.pack({"op": "x"}, tree))
    assert header["op"] == "x"
    came = wire.unpack(header, body)
    native = native_bytes(tree)
    assert same_tree(came, native)


def native_bytes(tree):
    """The tree with its arrays in little-endian order, as they travel."""
    if isinstance(tree, list | tuple):
        return type(tree)(map(native_bytes, tree))
    return tree.astype(tree.dtype.newbyteorder("<")) if isinstance(tree, np.ndarray) else tree


def same_tree(one, other):
    if isinstance(other, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(same_tree, one, other))
    if isinstance(other, np.ndarray) and other.dtype.kind in "fc":
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=True)
    return identical(one, other)


def test_a_numpy_scalar_stays_a_scalar():
    for value in (np.float64(0.1), np.int64(-3), np.bool_(True), np.float32(2)):
        (came,) = wire.unpack(*sent(wire.pack({}, (value,))))
        assert type(came) is type(value) and came == value


@pytest.mark.parametrize(
    "value",
    [object(), {1: 2}, np.array([object()]), np.array(["2020"], "M8[D]"), np.zeros(1 << 24)],
    ids=lambda v: type(v).__name__,
)
def test_what_is_no_plain_data_is_not_packed(value):
    with pytest.raises(WireError):
        wire.pack({}, value)


HEADER = {"blocks": [8], "values": ["a", "<f8", [1]]}
AMISS = {
    "no lengths": {"values": None},
    "negative lengths": {**HEADER, "blocks": [-8]},
    "endless lengths": {**HEADER, "blocks": [10**12]},
    "lengths by truth": {**HEADER, "blocks": [True]},
    "another type": {**HEADER, "values": ["a", "|O8", [1]]},
    "a date": {**HEADER, "values": ["a", "<M8", [1]]},
    "a type by comma": {**HEADER, "values": ["a", "f4,f4", [1]]},
    "a type of no size": {**HEADER, "values": ["a", "<f0", [1]]},
    "letters of no size": {**HEADER, "values": ["a", "<U0", [1]]},
    "a wrong shape": {**HEADER, "values": ["a", "<f8", [2]]},
    "a negative shape": {**HEADER, "values": ["a", "<f8", [-1, -1]]},
    "a shape of fractions": {**HEADER, "values": ["a", "<f8", [1.0]]},
    "a shape of no end": {**HEADER, "values": ["a", "<f8", [1] * 100]},
    "a huge empty shape": {"blocks": [0], "values": ["a", "<f8", [0, 10**30]]},
    "two blocks for one": {"blocks": [8], "values": ["t", HEADER["values"], HEADER["values"]]},
    "a block too many": {"blocks": [4, 4], "values": None},
    "an unknown letter": {"blocks": [], "values": ["x", 1]},
    "no letter": {"blocks": [], "values": []},
    "an object": {"blocks": [], "values": {"t": 1}},
    "a letter that is a list": {"blocks": [], "values": [[], 1]},
    "complex words": {"blocks": [], "values": ["c", "a", "b"]},
    "no name": {"blocks": [], "values": ["o", 5]},
    "no values": {"blocks": []},
}


@pytest.mark.parametrize("name", AMISS)
def test_a_frame_with_something_amiss_is_refused(name):
    header = AMISS[name]
    with pytest.raises(WireError):
        wire.unpack(*sent(frame(header, bytes(8))))


@pytest.mark.parametrize(
    "header", [b"", b"[]", b"5", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b"1" * 10_000, b"null"]
)
def test_a_header_that_is_none_is_refused(header):
    with pytest.raises(WireError):
        wire.unpack(*sent(frame(header)))


def test_a_header_without_end_is_refused_before_it_is_read():
    with pytest.raises(WireError, match="too long"):
        sent(struct.pack("<I", 2**32 - 1) + b"[" * 1000)


def test_a_frame_cut_off_is_no_frame():
    whole = wire.pack({}, np.arange(3.0))
    for length in range(len(whole)):
        with pytest.raises(EOFError):
            sent(whole[:length])


@pytest.mark.parametrize("letters", [b"\xff\xff\xff\x7f", b"\x00\xd8\x00\x00"])
def test_letters_that_are_none_are_refused(letters):
    with pytest.raises(WireError):
        wire.unpack({"blocks": [4], "values": ["a", "<U1", [1]]}, letters)


def judged(header, body):
    """The report on whatever a frame holds."""
    return judge(EXERCISE, record.attempt_of(wire.unpack(header, body), CASES), CASES)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_answer_is_refused_or_judged(data):
    """Some bytes of a right answer are replaced: it is refused as no frame, or judged like any other answer."""
    whole = bytearray(record.packed({"op": "ran"}, REPORT_OF_REFERENCE))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] = data.draw(st.integers(0, 255))
    try:
        report = judged(*sent(bytes(whole)))
    except (WireError, EOFError):
        return
    assert 0 <= report.points <= report.max_points and report.message


values = st.recursive(
    leaves | arrays | st.floats() | st.just(Opaque("Thing")),
    lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple),
    max_leaves=6,
)
failures = st.none() | st.tuples(st.text(max_size=9), st.text(max_size=9), st.text(max_size=9), st.booleans())
outcomes = st.tuples(values) | st.tuples(
    values,
    failures,
    st.lists(st.text(max_size=5), max_size=2).map(tuple),
    st.lists(st.booleans() | values, max_size=4).map(tuple),
    st.text(max_size=5),
)


@given(
    st.tuples(
        st.lists(st.lists(outcomes, min_size=1, max_size=3).map(tuple), max_size=3).map(tuple), st.none(), st.booleans()
    )
)
@settings(max_examples=60, deadline=None)
def test_an_attempt_of_another_form_is_refused(tree):
    with pytest.raises(WireError):
        if [len(group) for group in tree[0]] == [len(group) for group in CASES]:
            raise WireError("by chance of the right form")
        record.attempt_of(tree, CASES)


def test_an_attempt_comes_out_as_it_went_in():
    def step(x, w, b):
        if b > 0:
            print("seen")
        x *= 2
        return 1 / np.float64(0) if x.ndim > 1 else x.nothing

    for function in (EXERCISE.reference, step, EXERCISE.misconceptions[0].function):
        found = attempt(function, CASES)
        came = record.attempt_of(wire.unpack(*sent(record.packed({}, found))), CASES)
        assert (came.parameters, came.untouched) == (found.parameters, found.untouched)
        for one, other in zip(itertools.chain(*came.outcomes), itertools.chain(*found.outcomes), strict=True):
            assert same_tree(one.value, other.value)
            assert [getattr(one, name) for name in REST] == [getattr(other, name) for name in REST]


REST = ("failure", "warnings", "changed", "printed")


@pytest.mark.parametrize(
    "changed", [(), (False,), (False, False, False, 0), [False] * 3, (None,) * 3, "abc", None, True]
)
@pytest.mark.parametrize("failure", [None, ("ValueError", "", "", False)])
def test_what_does_not_say_of_each_argument_whether_it_changed_is_refused(changed, failure):
    assert {len(case) for group in CASES for case in group} == {3}
    outcome = (1.0, failure, (), changed, "")
    with pytest.raises(WireError):
        record.attempt_of((tuple((outcome,) * len(group) for group in CASES), None, False), CASES)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_whatever_comes_back_is_judged_without_an_error(data):
    """Every value that a frame can hold, in the place of every output: the judge has a sentence for it."""
    exercise = data.draw(st.sampled_from([get(name) for name in JUDGED]))
    cases = exercise.cases(1)
    groups = tuple(
        tuple((data.draw(values), None, (), tuple(data.draw(st.booleans()) for _ in case), "") for case in group)
        for group in cases
    )
    found = record.attempt_of((groups, None, False), cases)
    report = judge(exercise, found, cases)
    assert report.message and report.points < report.max_points


JUDGED = ("step-function", "perceptron-train", "gate-weights", "three-way-split", "weighted-sum")
