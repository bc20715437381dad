"""Texts eight bytes at a time, compiled: their hashes, whether they are the same, where a byte stands."""

from typing import Any

import numpy as np

from statemodel.oracle.bulk.jit import compiled, inlined, word, zeros

MUCH = np.uint64(0xC6A4A7935BD1E995)
SEED = np.uint64(0x9E3779B97F4A7C15)
ONES = np.uint64(0x0101010101010101)
TOPS = np.uint64(0x8080808080808080)


@inlined
def mixed(found: Any, bits: Any) -> Any:
    """A hash that takes in eight more bytes; multiplications as in MurmurHash64A."""
    bits *= MUCH
    bits ^= bits >> np.uint64(47)
    return (found ^ (bits * MUCH)) * MUCH


@inlined
def rest(data: Any, here: int, end: int) -> Any:
    """The last bytes of a text, less than eight, as a word."""
    if here + 8 <= len(data):
        return word(data, here) & ((np.uint64(1) << np.uint64(8 * (end - here))) - np.uint64(1))
    found = np.uint64(0)
    for step in range(end - here):
        found |= np.uint64(data[here + step]) << np.uint64(8 * step)
    return found


@inlined
def taken_in(found: Any, data: Any, begin: int, end: int) -> Any:
    """A hash that takes in a text."""
    here = begin
    while here + 8 <= end:
        found = mixed(found, word(data, here))
        here += 8
    if here < end:
        found = mixed(found, rest(data, here, end))
    return mixed(found, np.uint64(end - begin))


@inlined
def half(found: Any) -> Any:
    """What is left of a hash at the end: 32 bits."""
    found ^= found >> np.uint64(47)
    found *= MUCH
    return found >> np.uint64(32)


@inlined
def are_same(data: Any, begin: int, end: int, other: Any, there: int) -> bool:
    """Whether two texts of one length are the same."""
    here = begin
    while here + 8 <= end:
        if word(data, here) != word(other, there):
            return False
        here += 8
        there += 8
    return here == end or rest(data, here, end) == rest(other, there, there + end - here)


@inlined
def copy(data: Any, begin: int, end: int, out: Any, to: int) -> int:
    """Copy a text; the place after it."""
    for here in range(begin, end):
        out[to] = data[here]
        to += 1
    return to


@inlined
def past_letters(data: Any, here: int, end: int) -> int:
    """The place of the first quote, backslash or control character from here on, or the end."""
    while here + 8 <= end:
        bits = word(data, here)
        quotes = bits ^ (ONES * np.uint64(34))
        slashes = bits ^ (ONES * np.uint64(92))
        found = (quotes - ONES) & ~quotes | (slashes - ONES) & ~slashes | (bits - ONES * np.uint64(32)) & ~bits
        found &= TOPS
        if found:
            return here + np.int64(zeros(found) >> np.uint64(3))
        here += 8
    while here < end and data[here] != 34 and data[here] != 92 and data[here] >= 32:
        here += 1
    return here


@compiled
def line_ends(data: Any, out: Any) -> int:
    """Where lines end, and how many do; `out` must have room for all."""
    count = 0
    here = 0
    size = len(data)
    while here + 8 <= size:
        found = word(data, here) ^ (ONES * np.uint64(10))
        found = (found - ONES) & ~found & TOPS
        if found:
            here += np.int64(zeros(found) >> np.uint64(3))
            out[count] = here
            count += 1
            here += 1
        else:
            here += 8
    while here < size:
        if data[here] == 10:
            out[count] = here
            count += 1
        here += 1
    return count
