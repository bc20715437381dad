"""Files that a command writes, or compares with those there are: whole ones, and marked regions of others."""

from collections.abc import Mapping
from pathlib import Path

from statemodel.cli.output import say
from statemodel.errors import StateModelError
from statemodel.regions import filled

Files = Mapping[str, bytes]


def written(files: Files, place: Path) -> int:
    """Write files into a folder and name them."""
    for name, content in files.items():
        target = place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        say(str(target))
    return 0


def compared(files: Files, place: Path, *, everything: bool) -> int:
    """Name every file that is missing or differs, and where everything was drawn those that nobody draws."""
    wrong = []
    for name, content in files.items():
        target = place / name
        if not target.is_file():
            wrong.append(f"missing: {target}")
        elif target.read_bytes() != content:
            wrong.append(f"stale: {target}")
    if everything and place.is_dir():
        there = sorted(each for each in place.rglob("*") if each.is_file())
        wrong.extend(f"extra: {each}" for each in there if each.relative_to(place).as_posix() not in files)
    say("\n".join(wrong) if wrong else f"{len(files)} files are fresh")
    return 1 if wrong else 0


def into(place: str, content: str, *, is_check: bool) -> int:
    """Put text into a marked region of a file, or tell whether it stands there.

    Args:
        place: FILE#MARK.
        content: the text.
        is_check: whether to compare only.

    Raises:
        StateModelError: there is no such file or region, or regions of the file are not well-formed.
    """
    name, _, mark = place.rpartition("#")
    if not name or not mark:
        raise StateModelError(f"{place!r} names no region: write FILE#MARK, such as README.md#states")
    try:
        text = Path(name).read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise StateModelError(f"{name}: expected text in UTF-8; byte {error.start} is none") from None
    new = filled(text, mark, content, name)
    if is_check:
        say(f"stale: {place}" if new != text else f"{place} is fresh")
        return 1 if new != text else 0
    if new != text:
        Path(name).write_bytes(new.encode())
    say(place)
    return 0
