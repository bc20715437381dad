"""Moving positions and numbering texts, compiled; what they do is said by `positions` and `texts`."""

from typing import Any

import numpy as np

from statemodel.oracle.bulk.jit import compiled, fetch
from statemodel.oracle.bulk.words import SEED, are_same, copy, half, taken_in

AHEAD = 12
"""Number of records that the memory is asked for before they are looked at."""

# ------------------------------------------------------------------------------------------------- moving positions


@compiled
def move(
    cells: Any, after: Any, gain: Any, reads: Any, flags: Any,
    entries: Any, is_late: Any, finding: Any, place: Any,
    resources: Any, symbols: Any, at: Any, places: Any, first: int, begin: int,
) -> int:
    """Take records from `begin` on; the row at which a step is not worked out yet, or the number of rows."""
    has_time = len(at) > 0
    for row in range(begin, len(resources)):
        if row + AHEAD < len(resources):
            fetch(entries, resources[row + AHEAD])
        resource = resources[row]
        entry = entries[resource]
        state = entry.state
        if state >= 3:
            number = cells[state, symbols[row]]
            if number < 0:
                return row
            then = after[number]
            entry.state = then
            entry.reads += reads[number]
            entry.strength += gain[number]
            flag = flags[number]
            if flag:
                if flag & 1:
                    entry.skipped += 1
                if flag & 2 and (finding[resource] < 0 or then == 0):
                    finding[resource] = number
                    place[resource] = places[row] if len(places) else first + row
        entry.records += 1
        if has_time:
            now = at[row]
            if now == now:
                if now < entry.at:
                    is_late[resource] = True
                entry.at = now
    return len(resources)


# ------------------------------------------------------------------------------------------- numbers as they come


@compiled
def number_whole(values: Any, direct: Any, named: Any, size: int, out: Any) -> int:
    """Number whole numbers, none of them below 0 or beyond `direct`; how many there are then.

    `direct` says what number each has, or -1; `named` which has a number.
    """
    for row in range(len(values)):
        if row + AHEAD < len(values):
            fetch(direct, values[row + AHEAD])
        value = values[row]
        number = direct[value]
        if number < 0:
            number = size
            direct[value] = number
            named[number] = value
            size += 1
        out[row] = number
    return size


@compiled
def spread(symbols: Any, numbers: Any, out: Any) -> None:
    """The symbol by each number; the last one where there is none."""
    last = len(symbols) - 1
    for row in range(len(numbers)):
        number = numbers[row]
        out[row] = symbols[number] if 0 <= number < last else symbols[last]


# ------------------------------------------------------------------------------------------------- numbering texts

LOW = np.uint64(0xFFFFFFFF)
BLOCK = 32
"""Number of texts that are looked for side by side, so that what one needs of the memory comes while others wait."""


@compiled
def number_texts(
    data: Any, starts: Any, ends: Any, slots: Any, offsets: Any, pool: Any, size: int, out: Any, begin: int,
    is_growing: bool,  # noqa: FBT001 - what is compiled has no keywords
) -> tuple[int, int]:
    """Number texts from `begin` on: the first row for which there is no room, and how many texts there are.

    Rows that begin below 0 have no text and get -1; so do unknown ones where the numbers must not grow. A slot holds
    half the hash of a text above its number and one; that half says where the text is looked for first.
    """
    mask = np.uint64(len(slots) - 1)
    above = np.uint64(32)
    codes = np.empty(BLOCK, np.uint64)
    for block in range(begin, len(starts), BLOCK):
        last = min(block + BLOCK, len(starts))
        for row in range(block, last):
            if starts[row] >= 0:
                code = half(taken_in(SEED, data, starts[row], ends[row]))
                codes[row - block] = code
                fetch(slots, code & mask)
        for row in range(block, last):
            held = slots[codes[row - block] & mask]
            if starts[row] >= 0 and held and held >> above == codes[row - block]:
                fetch(offsets, (held & LOW) - np.uint64(1))
        for row in range(block, last):
            held = slots[codes[row - block] & mask]
            if starts[row] >= 0 and held and held >> above == codes[row - block]:
                fetch(pool, offsets[(held & LOW) - np.uint64(1)])
        for row in range(block, last):
            start, end = starts[row], ends[row]
            if start < 0:
                out[row] = -1
                continue
            code = codes[row - block]
            slot = code & mask
            number = -1
            while slots[slot]:
                held = slots[slot]
                if held >> above == code:
                    other = np.int64(held & LOW) - 1
                    first = offsets[other]
                    if offsets[other + 1] - first == end - start and are_same(data, start, end, pool, first):
                        number = other
                        break
                slot = (slot + np.uint64(1)) & mask
            if number < 0 and is_growing:
                if 2 * (size + 1) > len(slots) or size + 2 > len(offsets) or offsets[size] + end - start > len(pool):
                    return row, size
                number = size
                offsets[size + 1] = copy(data, start, end, pool, offsets[size])
                size += 1
                slots[slot] = code << above | np.uint64(size)
            out[row] = number
    return len(starts), size


@compiled
def rehash(slots: Any, wider: Any) -> None:
    """Fill an empty table with what stands in a narrower one."""
    mask = np.uint64(len(wider) - 1)
    for held in slots:
        if held:
            slot = held >> np.uint64(32) & mask
            while wider[slot]:
                slot = (slot + np.uint64(1)) & mask
            wider[slot] = held
