"""Walking over JSON, compiled: the place after a value, or that it is not as plain as can be.

What is not plain is left to the readers in Python; nothing here decides what a record means.
"""

from typing import Any, Final

import numpy as np

from statemodel.oracle.bulk.jit import compiled, inlined
from statemodel.oracle.bulk.words import past_letters

QUOTE, BACKSLASH, COLON, COMMA = 34, 92, 58, 44
OPEN, CLOSE, BEGIN, END = 123, 125, 91, 93
MINUS, PLUS, POINT, ZERO, NINE, LOWER_E, UPPER_E = 45, 43, 46, 48, 57, 101, 69
DEEPEST: Final = 60
STRANGE: Final = -1


@inlined
def past_blanks(data: Any, here: int, end: int) -> int:
    """The place of the next byte that is no blank."""
    while here < end and (data[here] == 32 or data[here] == 9 or data[here] == 13):
        here += 1
    return here


@inlined
def past_text(data: Any, here: int, end: int) -> int:
    """The place after a text that begins here with its quote; STRANGE where it is not plain."""
    here = past_letters(data, here + 1, end)
    return here + 1 if here < end and data[here] == QUOTE else STRANGE


@inlined
def past_any_text(data: Any, here: int, end: int) -> int:
    """The place after a text that may have escapes, or STRANGE."""
    here += 1
    while here < end:
        here = past_letters(data, here, end)
        if here >= end or data[here] < 32:
            return STRANGE
        byte = data[here]
        if byte == QUOTE:
            return here + 1
        if byte == BACKSLASH:
            here += 1
            if here >= end:
                return STRANGE
            byte = data[here]
            if byte == 117:
                if here + 4 >= end:
                    return STRANGE
                for step in range(1, 5):
                    digit = data[here + step]
                    if not (48 <= digit <= 57 or 65 <= digit <= 70 or 97 <= digit <= 102):
                        return STRANGE
                here += 4
            elif not (
                byte == QUOTE or byte == BACKSLASH or byte == 47 or byte == 98 or byte == 102 or byte == 110
                or byte == 114 or byte == 116
            ):
                return STRANGE
        here += 1
    return STRANGE


@inlined
def past_digits(data: Any, here: int, end: int) -> int:
    """The place after one digit or more, or STRANGE."""
    begin = here
    while here < end and ZERO <= data[here] <= NINE:
        here += 1
    return here if here > begin else STRANGE


@inlined
def past_number(data: Any, here: int, end: int) -> int:
    """The place after a number, or STRANGE."""
    if data[here] == MINUS:
        here += 1
    if here >= end:
        return STRANGE
    if data[here] == ZERO:
        here += 1
    else:
        here = past_digits(data, here, end)
    if here >= 0 and here < end and data[here] == POINT:
        here = past_digits(data, here + 1, end)
    if here >= 0 and here < end and (data[here] == LOWER_E or data[here] == UPPER_E):
        here += 1
        if here < end and (data[here] == MINUS or data[here] == PLUS):
            here += 1
        here = past_digits(data, here, end)
    return here


@inlined
def past_word(data: Any, here: int, end: int) -> int:
    """The place after true, false or null, or STRANGE."""
    left = end - here
    if left >= 4 and data[here] == 116 and data[here + 1] == 114 and data[here + 2] == 117 and data[here + 3] == 101:
        return here + 4
    if left >= 4 and data[here] == 110 and data[here + 1] == 117 and data[here + 2] == 108 and data[here + 3] == 108:
        return here + 4
    if (
        left >= 5 and data[here] == 102 and data[here + 1] == 97 and data[here + 2] == 108
        and data[here + 3] == 115 and data[here + 4] == 101
    ):
        return here + 5
    return STRANGE


@inlined
def past_scalar(data: Any, here: int, end: int) -> int:
    """The place after a text, number or word, or STRANGE."""
    if here >= end:
        return STRANGE
    byte = data[here]
    if byte == QUOTE:
        return past_any_text(data, here, end)
    if byte == MINUS or ZERO <= byte <= NINE:
        return past_number(data, here, end)
    return past_word(data, here, end)


@compiled
def past_value(data: Any, here: int, end: int) -> int:
    """The place after any value, or STRANGE; objects and lists are told apart by one bit for each depth."""
    if here >= end:
        return STRANGE
    if data[here] != OPEN and data[here] != BEGIN:
        return past_scalar(data, here, end)
    objects = np.uint64(0)
    depth = 0
    is_value = True
    while True:
        here = past_blanks(data, here, end)
        if here >= end:
            return STRANGE
        byte = data[here]
        if is_value:
            if byte == OPEN or byte == BEGIN:
                depth += 1
                if depth > DEEPEST:
                    return STRANGE
                objects = (objects << np.uint64(1)) | np.uint64(byte == OPEN)
                here = past_blanks(data, here + 1, end)
                if here >= end:
                    return STRANGE
                if data[here] == (CLOSE if byte == OPEN else END):
                    here += 1
                    depth -= 1
                    objects >>= np.uint64(1)
                    is_value = False
                elif byte == OPEN:
                    here = past_key(data, here, end)
            else:
                here = past_scalar(data, here, end)
                is_value = False
        elif byte == COMMA:
            here = past_blanks(data, here + 1, end)
            if objects & np.uint64(1):
                here = past_key(data, here, end)
            is_value = True
        elif byte == (CLOSE if objects & np.uint64(1) else END):
            here += 1
            depth -= 1
            objects >>= np.uint64(1)
        else:
            return STRANGE
        if here < 0:
            return STRANGE
        if depth == 0 and not is_value:
            return here


@inlined
def past_key(data: Any, here: int, end: int) -> int:
    """The place after a key and its colon, or STRANGE."""
    if here >= end or data[here] != QUOTE:
        return STRANGE
    here = past_text(data, here, end)
    if here < 0:
        return STRANGE
    here = past_blanks(data, here, end)
    if here >= end or data[here] != COLON:
        return STRANGE
    return here + 1
