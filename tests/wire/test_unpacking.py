"""Of a damaged gzip file every line before the damage is read, and the damage is one line."""

from __future__ import annotations

import gzip
import io
import random

import pytest
from test_reading import codes, good, lines

from communityrules.wire.unpacking import Unpacking

NUMBER = 3_000
WHOLE = b"".join(good(number) for number in range(NUMBER))
PACKED = gzip.compress(WHOLE, mtime=0)


def unpacked(packed: bytes) -> tuple[bytes, bool]:
    stream = Unpacking(io.BytesIO(packed))
    return io.BufferedReader(stream, 1000).read(), stream.broken


@pytest.mark.parametrize(
    "packed",
    [PACKED, gzip.compress(WHOLE[:777]) + gzip.compress(b"") + gzip.compress(WHOLE[777:]), PACKED + b"\0" * 100_000],
    ids=["one member", "several", "padded"],
)
def test_what_is_sound_comes_out_whole(packed: bytes) -> None:
    assert unpacked(packed) == (WHOLE, False)


def test_wherever_it_is_cut_whole_lines_are_read() -> None:
    rng = random.Random(1)
    for cut in [1, 2, 9, 10, 11, len(PACKED) - 8, len(PACKED) - 1, *(rng.randrange(len(PACKED)) for _ in range(40))]:
        found, broken = unpacked(PACKED[:cut])
        assert broken
        assert WHOLE.startswith(found)
        if cut >= 2:
            read = codes(lines(PACKED[:cut]))
            assert read == [f"m{number}" for number in range(found.count(b"\n"))] + ["CR809"]


def test_a_wrong_checksum_costs_no_line() -> None:
    wrong = PACKED[:-8] + bytes([PACKED[-8] ^ 1]) + PACKED[-7:]
    assert unpacked(wrong) == (WHOLE, True)
    assert codes(lines(wrong)) == [f"m{number}" for number in range(NUMBER)] + ["CR809"]


def test_what_comes_after_the_end_costs_no_line() -> None:
    assert codes(lines(PACKED + b"garbage\n")) == [f"m{number}" for number in range(NUMBER)] + ["CR809"]


def test_random_damage_gives_what_is_before_it() -> None:
    rng = random.Random(2)
    for _ in range(60):
        at = rng.randrange(10, len(PACKED))
        damaged = bytearray(PACKED)
        damaged[at] ^= 1 << rng.randrange(8)
        found, broken = unpacked(bytes(damaged))
        assert broken
        assert found.startswith(unpacked(PACKED[:at])[0])


def test_a_bomb_is_not_held_whole() -> None:
    stream = Unpacking(io.BytesIO(gzip.compress(b"\0" * 50_000_000)))
    buffer = bytearray(1000)
    assert stream.readinto(buffer) == 1000
    assert len(stream._ready) < 1_000_000
