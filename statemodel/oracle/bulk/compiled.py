"""Moving positions and numbering texts, compiled; what they do is said by `positions` and `texts`."""

from typing import Any

import numpy as np

from statemodel.oracle.bulk.jit import compiled

# ------------------------------------------------------------------------------------------------- moving positions


@compiled
def move(
    cells: Any, after: Any, gain: Any, flags: Any,
    entries: Any, is_late: Any, finding: Any, place: Any,
    resources: Any, symbols: Any, at: Any, places: Any, begin: int,
) -> int:
    """Take records from `begin` on; the row at which a step is not worked out yet, or the number of rows."""
    has_time = len(at) > 0
    for row in range(begin, len(resources)):
        resource = resources[row]
        entry = entries[resource]
        state = entry.state
        number = 0
        if state >= 3:
            number = cells[state, symbols[row]]
            if number < 0:
                return row
        entry.records += 1
        if has_time:
            now = at[row]
            if now == now:
                if now < entry.at:
                    is_late[resource] = True
                entry.at = now
        if state >= 3:
            then = after[number]
            entry.state = then
            gained = gain[number]
            if gained == gained:
                entry.reads += 1
                entry.strength += gained
            elif flags[number] & 1:
                entry.skipped += 1
            if flags[number] & 2 and (finding[resource] < 0 or then == 0):
                finding[resource] = number
                place[resource] = places[row]
    return len(resources)


# ------------------------------------------------------------------------------------------------- numbering texts


@compiled
def hashed(data: Any, begin: int, end: int) -> Any:
    """A number of 64 bits for a text, seldom that of another; multiplications as in MurmurHash64A."""
    found = np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(end - begin)
    much = np.uint64(0xC6A4A7935BD1E995)
    here = begin
    while here + 8 <= end:
        word = (
            np.uint64(data[here])
            | np.uint64(data[here + 1]) << np.uint64(8)
            | np.uint64(data[here + 2]) << np.uint64(16)
            | np.uint64(data[here + 3]) << np.uint64(24)
            | np.uint64(data[here + 4]) << np.uint64(32)
            | np.uint64(data[here + 5]) << np.uint64(40)
            | np.uint64(data[here + 6]) << np.uint64(48)
            | np.uint64(data[here + 7]) << np.uint64(56)
        )
        word *= much
        word ^= word >> np.uint64(47)
        found = (found ^ (word * much)) * much
        here += 8
    if here < end:
        word = np.uint64(0)
        for step in range(end - here):
            word |= np.uint64(data[here + step]) << np.uint64(8 * step)
        found = (found ^ word) * much
    found ^= found >> np.uint64(47)
    found *= much
    return found ^ (found >> np.uint64(47))


@compiled
def number_texts(
    data: Any, starts: Any, ends: Any, slots: Any, offsets: Any, pool: Any, size: int, out: Any, begin: int,
    is_growing: bool,  # noqa: FBT001 - what is compiled has no keywords
) -> tuple[int, int]:
    """Number texts from `begin` on: the first row for which there is no room, and how many texts there are.

    Rows that begin below 0 have no text and get -1; so do unknown ones where the numbers must not grow.
    """
    mask = np.uint64(len(slots) - 1)
    low = np.uint64(0xFFFFFFFF)
    for row in range(begin, len(starts)):
        start, end = starts[row], ends[row]
        if start < 0:
            out[row] = -1
            continue
        code = hashed(data, start, end)
        tag = code & ~low
        slot = code & mask
        number = -1
        while True:
            held = slots[slot]
            if held == 0:
                break
            if held & ~low == tag:
                other = np.int64(held & low) - 1
                first = offsets[other]
                if offsets[other + 1] - first == end - start:
                    differing = np.uint8(0)
                    for step in range(end - start):
                        differing |= pool[first + step] ^ data[start + step]
                    if differing == 0:
                        number = other
                        break
            slot = (slot + np.uint64(1)) & mask
        if number < 0 and is_growing:
            if 2 * (size + 1) > len(slots) or size + 2 > len(offsets) or offsets[size] + end - start > len(pool):
                return row, size
            number = size
            first = offsets[size]
            for step in range(end - start):
                pool[first + step] = data[start + step]
            offsets[size + 1] = first + end - start
            slots[slot] = tag | np.uint64(size + 1)
            size += 1
        out[row] = number
    return len(starts), size


@compiled
def rehash(slots: Any, offsets: Any, pool: Any, size: int) -> None:
    """Fill an empty table with the texts that are known."""
    mask = np.uint64(len(slots) - 1)
    low = np.uint64(0xFFFFFFFF)
    for number in range(size):
        code = hashed(pool, offsets[number], offsets[number + 1])
        slot = code & mask
        while slots[slot] != 0:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = (code & ~low) | np.uint64(number + 1)
