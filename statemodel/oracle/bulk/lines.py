"""Records as lines of JSON, compiled: what is said of each without what no model reads."""

from typing import Any

import numpy as np

from statemodel.oracle.bulk.jit import compiled
from statemodel.oracle.bulk.scan import (
    CLOSE,
    COLON,
    COMMA,
    OPEN,
    QUOTE,
    STRANGE,
    past_blanks,
    past_key,
    past_text,
    past_value,
)
from statemodel.oracle.bulk.stamps import moment, plain_seconds


@compiled
def find_key(data: Any, begin: int, end: int, keys: Any, bounds: Any, slots: Any) -> int:
    """The number of a key among those in `keys`, or -1; `slots` says which may be it by its length and two letters."""
    if end <= begin:
        return -1
    number = slots[(end - begin + data[begin] * 7 + data[end - 1] * 31) & 255]
    while number >= 0:
        first = bounds[number]
        if bounds[number + 1] - first == end - begin:
            differing = np.uint8(0)
            for step in range(end - begin):
                differing |= keys[first + step] ^ data[begin + step]
            if differing == 0:
                return number
        number = slots[256 + number]
    return -1


@compiled
def is_plain_name(data: Any, begin: int, end: int, longest: int) -> bool:
    """Whether it is a letter, then letters, digits, - and _, with a letter or digit at its end."""
    if end <= begin or end - begin > longest:
        return False
    for here in range(begin, end):
        byte = data[here]
        is_letter = 65 <= byte <= 90 or 97 <= byte <= 122
        is_inner = (48 <= byte <= 57 or byte == 45 or byte == 95) and here > begin
        if not (is_letter or is_inner):
            return False
    return data[end - 1] != 45 and data[end - 1] != 95


@compiled
def shorten(
    data: Any, begin: int, end: int, keys: Any, bounds: Any, slots: Any, kinds: Any, longest: int, out: Any, to: int
) -> tuple[int, int]:
    """Write an object without what no model reads, names replaced by one: the places after it and what was written.

    STRANGE where it is not plain. The object begins at `begin` and ends before `end`; the members kept are those in
    `keys`, of which those of kind 1 name the resource; a plain name of at most `longest` characters is replaced.
    Writes to `out` at `to`.
    """
    if data[begin] != OPEN:
        return STRANGE, to
    out[to] = OPEN
    to += 1
    is_empty = True
    here = past_blanks(data, begin + 1, end)
    if here < end and data[here] == CLOSE:
        out[to] = CLOSE
        return here + 1, to + 1
    while True:
        key = here
        here = past_key(data, here, end)
        if here < 0:
            return STRANGE, to
        after_key = here - 1
        while data[after_key] != QUOTE:
            after_key -= 1
        value = past_blanks(data, here, end)
        here = past_value(data, value, end)
        if here < 0:
            return STRANGE, to
        number = find_key(data, key + 1, after_key, keys, bounds, slots)
        if number >= 0:
            if not is_empty:
                out[to] = COMMA
                to += 1
            is_empty = False
            for step in range(key, after_key + 1):
                out[to] = data[step]
                to += 1
            out[to] = COLON
            to += 1
            if kinds[number] == 1 and data[value] == QUOTE and is_plain_name(data, value + 1, here - 1, longest):
                out[to] = QUOTE
                out[to + 1] = 120
                out[to + 2] = QUOTE
                to += 3
            else:
                for step in range(value, here):
                    out[to] = data[step]
                    to += 1
        here = past_blanks(data, here, end)
        if here >= end:
            return STRANGE, to
        if data[here] == CLOSE:
            here += 1
            break
        if data[here] != COMMA:
            return STRANGE, to
        here = past_blanks(data, here + 1, end)
    out[to] = CLOSE
    return here, to + 1


@compiled
def shorten_all(
    data: Any, starts: Any, ends: Any, keys: Any, bounds: Any, slots: Any, kinds: Any, longest: int, out: Any,
    out_starts: Any, out_ends: Any,
) -> None:
    """Shorten many objects; what is none, or not plain, is written as it stands. Rows below 0 stay without a text."""
    to = 0
    for row in range(len(starts)):
        out_starts[row] = STRANGE
        if starts[row] < 0:
            continue
        end = ends[row]
        done = to
        here = STRANGE
        if end > starts[row]:
            here, done = shorten(data, starts[row], end, keys, bounds, slots, kinds, longest, out, to)
        out_starts[row] = to
        if here != end:
            done = to
            for step in range(starts[row], end):
                out[done] = data[step]
                done += 1
        out_ends[row] = done
        to = done


@compiled
def read_lines(
    data: Any, starts: Any, ends: Any, keys: Any, bounds: Any, slots: Any,
    arg_keys: Any, arg_bounds: Any, arg_slots: Any, arg_kinds: Any,
    shown_keys: Any, shown_bounds: Any, shown_slots: Any, shown_kinds: Any, longest: int,
    resource_starts: Any, resource_ends: Any, at: Any, out: Any, out_starts: Any, out_ends: Any,
) -> None:
    """Read lines of JSON, each a record: where its resource stands, its time, and all else without what nobody reads.

    Lines that are not plain get an `out_starts` of STRANGE; `keys` are resource, at, args, result and then the others.
    """
    to = 0
    for row in range(len(starts)):
        out_starts[row] = STRANGE
        resource_starts[row] = STRANGE
        at[row] = np.nan
        end = ends[row]
        here = past_blanks(data, starts[row], end)
        if here >= end or data[here] != OPEN:
            continue
        first = to
        out[to] = OPEN
        to += 1
        is_empty = True
        is_plain = False
        seen = 0
        here = past_blanks(data, here + 1, end)
        while True:
            key = here
            here = past_key(data, here, end)
            if here < 0:
                break
            after_key = here - 1
            while data[after_key] != QUOTE:
                after_key -= 1
            number = find_key(data, key + 1, after_key, keys, bounds, slots)
            value = past_blanks(data, here, end)
            if value >= end:
                break
            if number >= 0:
                if seen >> number & 1:
                    break
                seen |= 1 << number
            if number >= 2:
                if not is_empty:
                    out[to] = COMMA
                    to += 1
                is_empty = False
                for step in range(key, after_key + 1):
                    out[to] = data[step]
                    to += 1
                out[to] = COLON
                to += 1
            if number == 2 and data[value] == OPEN:
                here, to = shorten(
                    data, value, end, arg_keys, arg_bounds, arg_slots, arg_kinds, longest, out, to
                )
            elif number == 3 and data[value] == OPEN:
                here, to = shorten(
                    data, value, end, shown_keys, shown_bounds, shown_slots, shown_kinds, longest, out, to
                )
            else:
                here = past_value(data, value, end)
                if number >= 2 and here >= 0:
                    for step in range(value, here):
                        out[to] = data[step]
                        to += 1
            if here < 0:
                break
            if number == 0:
                if data[value] != QUOTE:
                    break
                if past_text(data, value, here) < 0:
                    break
                resource_starts[row] = value + 1
                resource_ends[row] = here - 1
            elif number == 1:
                if data[value] == QUOTE:
                    at[row] = moment(data, value + 1, here - 1)
                else:
                    at[row] = plain_seconds(data, value, here)
                if at[row] == np.inf:
                    break
            here = past_blanks(data, here, end)
            if here >= end:
                break
            if data[here] == COMMA:
                here = past_blanks(data, here + 1, end)
            elif data[here] == CLOSE:
                is_plain = past_blanks(data, here + 1, end) == end
                break
            else:
                break
        if is_plain and resource_starts[row] >= 0 and not is_empty:
            out[to] = CLOSE
            to += 1
            out_starts[row] = first
            out_ends[row] = to
        else:
            to = first
