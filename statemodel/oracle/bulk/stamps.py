"""Times as texts, compiled: only those written in the usual way, all others are left to Python."""

from typing import Any

import numpy as np

from statemodel.oracle.bulk.jit import compiled
from statemodel.oracle.bulk.scan import COLON, MINUS, NINE, PLUS, POINT, ZERO


@compiled
def two(data: Any, here: int) -> int:
    """Two digits as a number, or -1."""
    tens, ones = data[here], data[here + 1]
    if ZERO <= tens <= NINE and ZERO <= ones <= NINE:
        return (tens - ZERO) * 10 + ones - ZERO
    return -1


@compiled
def moment(data: Any, begin: int, end: int) -> float:
    """Seconds since the epoch of YYYY-MM-DDTHH:MM:SS[.ffffff](Z|+HH:MM); infinity where it is written otherwise."""
    strange = np.inf
    if end - begin < 20:
        return strange
    is_marked = data[begin + 4] == 45 and data[begin + 7] == 45 and data[begin + 13] == 58 and data[begin + 16] == 58
    if not is_marked or (data[begin + 10] != 84 and data[begin + 10] != 32):
        return strange
    century, years = two(data, begin), two(data, begin + 2)
    month, day = two(data, begin + 5), two(data, begin + 8)
    hour, minute, second = two(data, begin + 11), two(data, begin + 14), two(data, begin + 17)
    if century < 1 or years < 0 or not 1 <= month <= 12 or day < 1:
        return strange
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59):
        return strange
    year = century * 100 + years
    is_leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
    most = 31
    if month == 4 or month == 6 or month == 9 or month == 11:
        most = 30
    elif month == 2:
        most = 29 if is_leap else 28
    if day > most:
        return strange
    here = begin + 19
    micro = 0
    if data[here] == POINT:
        here += 1
        unit = 100_000
        while here < end and ZERO <= data[here] <= NINE:
            if unit == 0:
                return strange
            micro += (data[here] - ZERO) * unit
            unit //= 10
            here += 1
        if unit == 100_000 or here >= end:
            return strange
    offset = 0
    if data[here] == 90:
        if here + 1 != end:
            return strange
    elif data[here] == PLUS or data[here] == MINUS:
        if end - here != 6 or data[here + 3] != COLON:
            return strange
        hours, minutes = two(data, here + 1), two(data, here + 4)
        if not (0 <= hours <= 23 and 0 <= minutes <= 59):
            return strange
        offset = (hours * 60 + minutes) * 60 * (1 if data[here] == PLUS else -1)
    else:
        return strange
    shifted = year - (1 if month <= 2 else 0)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    days = era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468
    seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset
    return (seconds * 1_000_000 + micro) / 1_000_000


@compiled
def plain_seconds(data: Any, begin: int, end: int) -> float:
    """A number of at most 15 digits without an exponent, rounded as it must be; infinity where it is another value."""
    here = begin
    digits = 0
    behind = 0
    is_behind = False
    if data[here] == MINUS:
        here += 1
    found = 0
    while here < end:
        byte = data[here]
        if ZERO <= byte <= NINE:
            found = found * 10 + byte - ZERO
            digits += 1
            behind += is_behind
        elif byte == POINT and not is_behind:
            is_behind = True
        else:
            return np.inf
        here += 1
    if digits > 15:
        return np.inf
    number = found / 10.0**behind
    return -number if data[begin] == MINUS else number


@compiled
def moments(data: Any, starts: Any, ends: Any, out: Any) -> None:
    """Seconds of many times; NaN for rows without one, infinity for those written otherwise."""
    for row in range(len(starts)):
        out[row] = np.nan if starts[row] < 0 else moment(data, starts[row], ends[row])
