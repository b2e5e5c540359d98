"""What is written as a protocol buffer is one, and what is none is told."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherein.embedding.onnx.protobuf import fields, real, sized, whole


@given(st.lists(st.tuples(st.integers(1, 100), st.integers(0, 2**64 - 1) | st.binary(max_size=300))))
def test_what_was_written_is_read(values):
    message = b"".join(
        whole(field, value) if isinstance(value, int) else sized(field, value) for field, value in values
    )
    found = [(field, value if isinstance(value, int) else bytes(value)) for field, value in fields(message)]
    assert found == values


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_told_as_no_message(data):
    with suppress(ValueError):
        assert sum(1 for _ in fields(data)) <= len(data)


@pytest.mark.parametrize("key", [b"\x02", b"\xba\x80\x80\x80\x20", b"\xba" + b"\x80" * 8 + b"\x01"])
def test_a_field_that_others_would_read_as_one_of_another_number_is_refused(key):
    assert list(fields(b"\x3a\x00")) == [(7, b"")]
    with pytest.raises(ValueError, match="invalid number"):
        list(fields(key + b"\x00"))


def test_negative_and_real_numbers_are_those_of_the_format():
    assert whole(3, -1) == b"\x18" + b"\xff" * 9 + b"\x01"
    assert real(2, 1.0) == b"\x15\x00\x00\x80?"


@pytest.mark.parametrize("data", [b"\x08", b"\x0a\x05abc", b"\x0b", b"\x08" + b"\xff" * 11])
def test_what_is_cut_off_is_no_message(data):
    with pytest.raises(ValueError, match=r"field|number"):
        list(fields(data))
