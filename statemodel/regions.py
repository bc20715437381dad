"""Marked regions of Markdown files: what stands between two comments is written by a program. Reads no file.

    <!-- statemodel: MARK -->
    ...
    <!-- /statemodel -->

A fence of code that shows such comments is left alone.
"""

import re
from collections.abc import Iterator

import attrs

from statemodel.errors import StateModelError, UsageError

_BEGIN = re.compile(r"\s*<!--\s*statemodel:\s*(?P<mark>[^\s>](?:[^>]*[^\s>])?)\s*-->\s*")
_END = re.compile(r"\s*<!--\s*/statemodel\s*-->\s*")
_FENCE = re.compile(r"\s*(?P<fence>`{3,}|~{3,})")


@attrs.frozen
class Region:
    """A region: its mark, and the numbers of the lines of its two comments, from 0."""

    mark: str
    begin: int
    end: int


def filled(text: str, mark: str, content: str, name: str) -> str:
    """The text with other content in one of its regions; ends of lines stay as they are.

    Args:
        text: the whole file.
        mark: which region.
        content: what to put there.
        name: of the file, for messages.

    Raises:
        UsageError: there is no such region.
        StateModelError: regions are not well-formed, or two have this mark.
    """
    lines = text.splitlines(keepends=True)
    regions = tuple(regions_of(lines, name))
    wanted = [one for one in regions if one.mark == mark]
    if not wanted:
        raise UsageError(f"region of {name}", mark, tuple(dict.fromkeys(one.mark for one in regions)))
    if len(wanted) > 1:
        places = " and ".join(str(one.begin + 1) for one in wanted)
        raise StateModelError(f"{name}: two regions are marked {mark!r}, in lines {places}; give one another mark")
    [region] = wanted
    end = "\r\n" if lines[region.begin].endswith("\r\n") else "\n"
    inner = [f"{line}{end}" for line in ("", *content.strip("\n").splitlines(), "")]
    return "".join((*lines[: region.begin + 1], *inner, *lines[region.end :]))


def regions_of(lines: list[str], name: str) -> Iterator[Region]:
    """The regions of a file, in order.

    Raises:
        StateModelError: a region has no end, an end no beginning, or one begins within another.
    """
    open_mark, begin, fence = "", -1, ""
    for number, line in enumerate(lines):
        if begin < 0 and (found := _FENCE.match(line)):
            mark = found["fence"]
            fence = mark if not fence else "" if mark.startswith(fence) else fence
        elif fence:
            continue
        elif found := _BEGIN.fullmatch(line):
            if begin >= 0:
                problem = f"region {found['mark']!r} begins within {open_mark!r}, which has no end"
                raise StateModelError(f"{name}:{number + 1}: {problem}; write <!-- /statemodel --> before it")
            open_mark, begin = found["mark"], number
        elif _END.fullmatch(line):
            if begin < 0:
                raise StateModelError(f"{name}:{number + 1}: a region ends that never began; take the comment out")
            yield Region(open_mark, begin, number)
            begin = -1
    if begin >= 0:
        problem = f"region {open_mark!r} has no end"
        raise StateModelError(f"{name}:{begin + 1}: {problem}; write <!-- /statemodel --> after it")
