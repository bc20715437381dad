"""Records as lines of JSON, compiled: what is said of each without what no model reads, each saying numbered once.

What is kept of a line are a few stretches of its own bytes, with a mark between where something stands for what was
left out.
"""

from typing import Any, Final

import numpy as np

from statemodel.oracle.bulk.jit import compiled, inlined
from statemodel.oracle.bulk.scan import (
    CLOSE,
    COMMA,
    OPEN,
    QUOTE,
    STRANGE,
    past_blanks,
    past_key,
    past_text,
    past_value,
)
from statemodel.oracle.bulk.shapes import (
    MOST_BYTES,
    MOST_NODES,
    NAME,
    RESOURCE,
    TEXT,
    TIME,
    grown,
    is_plain_name,
    noted,
    recognised,
)
from statemodel.oracle.bulk.stamps import moment, plain_seconds
from statemodel.oracle.bulk.words import SEED, are_same, copy, half, mixed, taken_in

MOST: Final = 60
"""Greatest number of stretches; a line with more is not plain."""
A_COMMA, A_NAME = -1, -2
"""Marks: a stretch that begins so is a comma, or a name that stands for all plain ones."""
ANY_NAME: Final = np.frombuffer(b'"x"', np.uint8)
SAYINGS: Final = 1 << 12
"""Number of sayings of a chunk that are known again."""


@inlined
def find_key(data: Any, begin: int, end: int, keys: Any, bounds: Any, slots: Any) -> int:
    """The number of a key among those in `keys`, or -1; `slots` says which may be it by its length and two letters."""
    if end <= begin:
        return -1
    number = slots[(end - begin + data[begin] * 7 + data[end - 1] * 31) & 255]
    while number >= 0:
        first = bounds[number]
        if bounds[number + 1] - first == end - begin and are_same(data, begin, end, keys, first):
            return number
        number = slots[256 + number]
    return -1


# ------------------------------------------------------------------------------------------- stretches


@inlined
def kept(begins: Any, ends: Any, count: int, begin: int, end: int) -> int:
    """How many stretches there are with one more, which is joined to the last one where it goes on."""
    if count and ends[count - 1] == begin and begins[count - 1] >= 0:
        ends[count - 1] = end
        return count
    begins[count] = begin
    ends[count] = end
    return count + 1


@inlined
def marked(begins: Any, ends: Any, count: int, mark: int) -> int:
    """How many stretches there are with a mark more."""
    begins[count] = mark
    ends[count] = mark
    return count + 1


@inlined
def code_of(data: Any, begins: Any, ends: Any, count: int) -> Any:
    """Half a hash of stretches."""
    found = SEED
    for one in range(count):
        if begins[one] < 0:
            found = mixed(found, np.uint64(-begins[one]))
        else:
            found = taken_in(found, data, begins[one], ends[one])
    return half(found)


@compiled
def written(data: Any, begins: Any, ends: Any, count: int, out: Any, to: int) -> int:
    """Write stretches one after the other; the place after them."""
    for one in range(count):
        if begins[one] == A_COMMA:
            out[to] = COMMA
            to += 1
        elif begins[one] == A_NAME:
            to = copy(ANY_NAME, 0, len(ANY_NAME), out, to)
        else:
            to = copy(data, begins[one], ends[one], out, to)
    return to


@inlined
def stand_at(data: Any, begins: Any, ends: Any, count: int, out: Any, to: int, end: int) -> bool:
    """Whether stretches were written from `to` to `end`."""
    for one in range(count):
        begin = begins[one]
        if begin == A_COMMA:
            if to >= end or out[to] != COMMA:
                return False
            to += 1
        elif begin == A_NAME:
            if to + len(ANY_NAME) > end or not are_same(ANY_NAME, 0, len(ANY_NAME), out, to):
                return False
            to += len(ANY_NAME)
        else:
            size = ends[one] - begin
            if to + size > end or not are_same(data, begin, ends[one], out, to):
                return False
            to += size
    return to == end


@compiled
def shorten(
    data: Any, begin: int, end: int, keys: Any, bounds: Any, slots: Any, kinds: Any, longest: int,
    begins: Any, ends: Any, count: int, holes: Any,
) -> tuple[int, int]:
    """Keep what a model reads of an object, names replaced by one: the place after it, and the number of stretches.

    STRANGE where it is not plain. The object begins at `begin` and ends before `end`; the members kept are those in
    `keys`, of which those of kind 1 name the resource; a plain name of at most `longest` characters is replaced.
    """
    if data[begin] != OPEN:
        return STRANGE, count
    last = begin + 1
    count = kept(begins, ends, count, begin, last)
    is_empty = True
    here = past_blanks(data, last, end)
    if here < end and data[here] == CLOSE:
        return here + 1, kept(begins, ends, count, here, here + 1)
    while count < MOST - 4:
        key = here
        here = past_key(data, here, end)
        if here < 0:
            return STRANGE, count
        after_key = here - 1
        while data[after_key] != QUOTE:
            after_key -= 1
        value = past_blanks(data, here, end)
        here = past_value(data, value, end)
        if here < 0:
            return STRANGE, count
        number = find_key(data, key + 1, after_key, keys, bounds, slots)
        if number >= 0:
            is_next = last >= 0
            if not is_next and not is_empty:
                count = marked(begins, ends, count, A_COMMA)
            from_ = last if is_next else key
            is_empty = False
            if kinds[number] == 1 and data[value] == QUOTE and is_plain_name(data, value + 1, here - 1, longest):
                count = kept(begins, ends, count, from_, value)
                count = marked(begins, ends, count, A_NAME)
                noted(holes, data, value, here, NAME)
            else:
                count = kept(begins, ends, count, from_, here)
            last = here
        else:
            last = STRANGE
            noted(holes, data, value, here, TEXT)
        here = past_blanks(data, here, end)
        if here >= end:
            return STRANGE, count
        if data[here] == CLOSE:
            return here + 1, kept(begins, ends, count, here, here + 1)
        if data[here] != COMMA:
            return STRANGE, count
        here = past_blanks(data, here + 1, end)
    return STRANGE, count


@compiled
def shorten_all(
    data: Any, starts: Any, ends: Any, keys: Any, bounds: Any, slots: Any, kinds: Any, longest: int, out: Any,
    out_starts: Any, out_ends: Any,
) -> None:
    """Shorten many objects; what is none, or not plain, is written as it stands. Rows below 0 stay without a text."""
    to = 0
    begin_of, end_of, holes = np.empty(MOST, np.int64), np.empty(MOST, np.int64), np.zeros((1, 3), np.int64)
    for row in range(len(starts)):
        out_starts[row] = STRANGE
        if starts[row] < 0:
            continue
        end = ends[row]
        here, count = STRANGE, 0
        if end > starts[row]:
            here, count = shorten(
                data, starts[row], end, keys, bounds, slots, kinds, longest, begin_of, end_of, 0, holes
            )
        out_starts[row] = to
        to = written(data, begin_of, end_of, count, out, to) if here == end else copy(data, starts[row], end, out, to)
        out_ends[row] = to


# ------------------------------------------------------------------------------------------- lines


@compiled
def read_line(
    data: Any, start: int, end: int, keys: Any, bounds: Any, slots: Any,
    arg_keys: Any, arg_bounds: Any, arg_slots: Any, arg_kinds: Any,
    shown_keys: Any, shown_bounds: Any, shown_slots: Any, shown_kinds: Any, longest: int,
    begins: Any, ends: Any, holes: Any, named: Any,
) -> int:
    """Read a line: the number of stretches that all is which is said of its resource but the time, or STRANGE.

    `keys` are resource, at, args, result and then the others. Writes to `named` where the name of the resource begins
    and ends, where the time begins and ends, or STRANGE.
    """
    named[0] = STRANGE
    named[2] = STRANGE
    holes[0, 0] = 0
    here = past_blanks(data, start, end)
    if here >= end or data[here] != OPEN:
        return STRANGE
    count = 0
    is_empty = True
    seen = 0
    last = here + 1
    count = kept(begins, ends, count, here, last)
    here = past_blanks(data, last, end)
    while count < MOST - 8:
        key = here
        here = past_key(data, here, end)
        if here < 0:
            return STRANGE
        after_key = here - 1
        while data[after_key] != QUOTE:
            after_key -= 1
        number = find_key(data, key + 1, after_key, keys, bounds, slots)
        value = past_blanks(data, here, end)
        if value >= end:
            return STRANGE
        if number >= 0:
            if seen >> number & 1:
                return STRANGE
            seen |= 1 << number
        if number >= 2:
            is_next = last >= 0
            if not is_next and not is_empty:
                count = marked(begins, ends, count, A_COMMA)
            is_empty = False
            from_ = last if is_next else key
            if number == 2 and data[value] == OPEN:
                count = kept(begins, ends, count, from_, value)
                here, count = shorten(
                    data, value, end, arg_keys, arg_bounds, arg_slots, arg_kinds, longest, begins, ends, count,
                    holes,
                )
            elif number == 3 and data[value] == OPEN:
                count = kept(begins, ends, count, from_, value)
                here, count = shorten(
                    data, value, end, shown_keys, shown_bounds, shown_slots, shown_kinds, longest, begins, ends, count,
                    holes,
                )
            else:
                here = past_value(data, value, end)
                count = kept(begins, ends, count, from_, here)
            last = here
        else:
            here = past_value(data, value, end)
            last = STRANGE
            noted(holes, data, value, here, RESOURCE if number == 0 else TIME if number == 1 else TEXT)
        if here < 0:
            return STRANGE
        if number == 0:
            if data[value] != QUOTE or past_text(data, value, here) < 0:
                return STRANGE
            named[0] = value + 1
            named[1] = here - 1
        elif number == 1:
            named[2] = value
            named[3] = here
        here = past_blanks(data, here, end)
        if here >= end:
            return STRANGE
        if data[here] == CLOSE:
            if past_blanks(data, here + 1, end) != end or named[0] < 0 or is_empty:
                return STRANGE
            return kept(begins, ends, count, here, here + 1)
        if data[here] != COMMA:
            return STRANGE
        here = past_blanks(data, here + 1, end)
    return STRANGE


@compiled
def said_by(
    data: Any, begins: Any, ends: Any, count: int, table: Any, size: int, out: Any, out_starts: Any, out_ends: Any,
    to: int,
) -> tuple[int, int, int]:
    """The number of a saying, how many there are and where the next one will be written."""
    mask = np.uint64(len(table) - 1)
    low = np.uint64(0xFFFFFFFF)
    code = code_of(data, begins, ends, count)
    slot = code & mask
    while table[slot]:
        if table[slot] >> np.uint64(32) == code:
            other = np.int64(table[slot] & low) - 1
            if stand_at(data, begins, ends, count, out, out_starts[other], out_ends[other]):
                return other, size, to
        slot = (slot + np.uint64(1)) & mask
    out_starts[size] = to
    to = written(data, begins, ends, count, out, to)
    out_ends[size] = to
    if size < SAYINGS:
        table[slot] = code << np.uint64(32) | np.uint64(size + 1)
    return size, size + 1, to


@compiled
def read_lines(
    data: Any, starts: Any, ends: Any, keys: Any, bounds: Any, slots: Any,
    arg_keys: Any, arg_bounds: Any, arg_slots: Any, arg_kinds: Any,
    shown_keys: Any, shown_bounds: Any, shown_slots: Any, shown_kinds: Any, longest: int,
    resource_starts: Any, resource_ends: Any, at: Any, saying: Any, out: Any, out_starts: Any, out_ends: Any,
) -> int:
    """Read lines of JSON, each a record: where its resource stands, its time, the number of what else is said of it.

    Lines that are not plain get STRANGE for a number. Each saying is written to `out` from `out_starts` to `out_ends`
    when it is met first, by its number; returns how many there are. Some may be written more than once.
    """
    begin_of, end_of, named = np.empty(MOST, np.int64), np.empty(MOST, np.int64), np.empty(4, np.int64)
    holes, nodes = np.zeros((MOST, 3), np.int64), np.zeros((MOST_NODES, 6), np.int64)
    pool, node_count, filled = np.empty(MOST_BYTES, np.uint8), 1, 0
    table = np.zeros(2 * SAYINGS, np.uint64)
    size, to = 0, 0
    same_begin, same_end, same = 0, 0, np.nan
    for row in range(len(starts)):
        resource_starts[row] = STRANGE
        saying[row] = STRANGE
        at[row] = np.nan
        number = recognised(data, starts[row], ends[row], nodes, pool, longest, named)
        is_new = number < 0
        count = 0
        if is_new:
            count = read_line(
                data, starts[row], ends[row], keys, bounds, slots, arg_keys, arg_bounds, arg_slots, arg_kinds,
                shown_keys, shown_bounds, shown_slots, shown_kinds, longest, begin_of, end_of, holes, named,
            )
            if count < 0:
                continue
        begin, end = named[2], named[3]
        if begin >= 0:
            if end - begin != same_end - same_begin or not are_same(data, begin, end, data, same_begin):
                same_begin, same_end = begin, end
                same = moment(data, begin + 1, end - 1) if data[begin] == QUOTE else plain_seconds(data, begin, end)
            if same == np.inf:
                continue
            at[row] = same
        if is_new:
            number, size, to = said_by(data, begin_of, end_of, count, table, size, out, out_starts, out_ends, to)
            node_count, filled = grown(
                data, starts[row], ends[row], holes, number, nodes, node_count, pool, filled
            )
        resource_starts[row], resource_ends[row] = named[0], named[1]
        saying[row] = number
    return size
