"""Lines like those before, recognised by what never changes in them, compiled.

A line is a run of fixed stretches with holes between, in which stand texts and numbers that do not matter, or matter in
another way: the name of the resource, the time. The stretches of the lines of a chunk make a tree. A line that goes
down the tree to a leaf is not taken apart again: it says what the first one said that came to this leaf. To guess the
shape of a line, check and give up where the guess is wrong is an idea of Mison (Li, Katsipoulakis, Chandramouli,
Goldstein & Kossmann, Mison: A Fast JSON Parser for Data Analytics, 2017).
"""

from typing import Any, Final

from statemodel.oracle.bulk.jit import compiled, inlined
from statemodel.oracle.bulk.scan import MINUS, NINE, QUOTE, STRANGE, ZERO, past_number
from statemodel.oracle.bulk.words import are_same, copy, past_letters

RESOURCE, TIME, TIME_NUMBER, NAME, TEXT, NUMBER, LEAF = 1, 2, 3, 4, 5, 6, 7
"""What a hole holds; a leaf is the end of a line."""
KIND, BEGIN, END, CHILD, SIBLING, SAYING = range(6)
"""Of each node: the hole after its stretch, where the stretch stands, the first node below, the next one beside."""
MOST_NODES: Final = 512
MOST_BYTES: Final = 1 << 16
MOST_BESIDE: Final = 48


@inlined
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


@inlined
def noted(holes: Any, data: Any, begin: int, end: int, kind: int) -> None:
    """Note that a value from `begin` to `end` is a hole, if it is a text or a number."""
    count = holes[0, 0] + 1
    byte = data[begin]
    if count < len(holes) and (byte == QUOTE or byte == MINUS or ZERO <= byte <= NINE):
        is_text = byte == QUOTE
        holes[count, 0] = begin + is_text
        holes[count, 1] = end - is_text
        holes[count, 2] = kind if is_text else TIME_NUMBER if kind == TIME else NUMBER
        holes[0, 0] = count


@compiled
def grown(
    data: Any, start: int, end: int, holes: Any, saying: int, nodes: Any, size: int, pool: Any, filled: int
) -> tuple[int, int]:
    """Let the tree know a line with its holes: the number of nodes and of bytes in `pool` afterwards.

    A line with more holes than there is room for stays unknown.
    """
    if holes[0, 0] + 1 == len(holes):
        return size, filled
    above = 0
    here = start
    for one in range(1, holes[0, 0] + 2):
        is_leaf = one > holes[0, 0]
        until = end if is_leaf else holes[one, 0]
        kind = LEAF if is_leaf else holes[one, 2]
        node = nodes[above, CHILD]
        beside = 0
        while node:
            is_same_size = nodes[node, END] - nodes[node, BEGIN] == until - here
            if nodes[node, KIND] == kind and is_same_size and are_same(data, here, until, pool, nodes[node, BEGIN]):
                break
            beside += 1
            node = nodes[node, SIBLING]
        if not node:
            if size == len(nodes) or filled + until - here > len(pool) or beside == MOST_BESIDE:
                return size, filled
            node = size
            size += 1
            nodes[node, KIND], nodes[node, CHILD], nodes[node, SAYING] = kind, 0, saying
            nodes[node, SIBLING] = nodes[above, CHILD]
            nodes[above, CHILD] = node
            nodes[node, BEGIN] = filled
            filled = copy(data, here, until, pool, filled)
            nodes[node, END] = filled
        above = node
        here = until if is_leaf else holes[one, 1]
    return size, filled


@inlined
def recognised(data: Any, start: int, end: int, nodes: Any, pool: Any, longest: int, named: Any) -> int:
    """The number of what a line says, or STRANGE for one that is not like one before.

    Writes to `named` where the name of the resource begins and ends, and the value of the time, or STRANGE.
    """
    named[2] = STRANGE
    here = start
    node = nodes[0, CHILD]
    while node:
        begin = nodes[node, BEGIN]
        size = nodes[node, END] - begin
        if here + size > end or not are_same(pool, begin, begin + size, data, here):
            node = nodes[node, SIBLING]
            continue
        here += size
        kind = nodes[node, KIND]
        if kind == LEAF:
            if here == end:
                return nodes[node, SAYING]
            return STRANGE
        value = here
        if kind == NUMBER or kind == TIME_NUMBER:
            here = past_number(data, here, end) if here < end else STRANGE
            if here < 0:
                return STRANGE
        else:  # the next stretch begins with the quote that ends the text
            here = past_letters(data, here, end)
        if kind == RESOURCE:
            named[0], named[1] = value, here
        elif kind == TIME:
            named[2], named[3] = value - 1, here + 1
        elif kind == TIME_NUMBER:
            named[2], named[3] = value, here
        elif kind == NAME and not is_plain_name(data, value, here, longest):
            return STRANGE
        node = nodes[node, CHILD]
    return STRANGE
