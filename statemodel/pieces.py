"""Pieces of a model for documents of others: a drawing, a table, a section. Must not know what builds them."""

from base64 import b64encode
from collections.abc import Iterator

import attrs

from statemodel.drawing.mermaid import to_mermaid
from statemodel.drawing.outline import diagram
from statemodel.drawing.picture import picture
from statemodel.drawing.spoken import to_outline
from statemodel.errors import UsageError
from statemodel.page import SECTIONS, section
from statemodel.registry import model

TABLE = "table"
FORMS = ("svg", "mermaid", "outline", TABLE, *(name for name in SECTIONS if name != "operations"))


@attrs.frozen
class Piece:
    """A piece of a model.

    Attributes:
        form: which of the FORMS it is.
        text: Markdown; for "mermaid" the diagram itself; for "svg" the address that holds the picture.
        alt: for a picture or a diagram, the same in words.
    """

    form: str
    text: str
    alt: str = ""


def piece(name: str, form: str) -> Piece:
    """A piece of the model of that name.

    >>> piece("fc.account", "states").text.splitlines()[2]
    '| Normal | - | resting | In service. |'

    Args:
        name: a name of the catalogue, or "package.module:attribute".
        form: one of the FORMS; "table" is that of operations by states.

    Raises:
        UsageError: there is no such model or form.
        MissingExtraError: a picture is asked for, and what draws it is not installed.
    """
    if form not in FORMS:
        raise UsageError("form", form, FORMS)
    chosen = model(name)
    drawn = diagram(chosen)
    if form == "svg":
        address = f"data:image/svg+xml;base64,{b64encode(picture(drawn, 'svg')).decode()}"
        return Piece(form, address, drawn.alt)
    if form == "mermaid":
        return Piece(form, to_mermaid(drawn), drawn.alt)
    if form == "outline":
        return Piece(form, to_outline(drawn))
    return Piece(form, section(chosen, "operations" if form == TABLE else form))


# ------------------------------------------------------------------------------------------------- our own Markdown


@attrs.frozen
class Block:
    """A block of the Markdown that pieces are written in.

    Attributes:
        kind: "paragraph", "strong", "table" or "list".
        lines: a paragraph's text; the rows of a table, header first; items with their further lines.
        below: for items of a list, lists below them, by place.
    """

    kind: str
    lines: tuple[tuple[str, ...], ...]
    below: tuple[tuple[int, "Block"], ...] = ()


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a piece, escapes still in them: tables, lists of two levels, paragraphs."""
    for chunk in text.strip("\n").split("\n\n"):
        lines = chunk.splitlines()
        if not lines:
            continue
        if lines[0].startswith("|"):
            yield Block("table", tuple(_cells(line) for place, line in enumerate(lines) if place != 1))
        elif lines[0].startswith("- "):
            yield _list(lines)
        elif lines[0].startswith("**") and lines[0].endswith("**"):
            yield Block("strong", ((lines[0].strip("*"),),))
        else:
            yield Block("paragraph", ((" ".join(lines),),))


def _cells(line: str) -> tuple[str, ...]:
    """The cells of a row; a bar after a backslash is none."""
    found, cell = [], ""
    inner = line.strip().removeprefix("|").removesuffix("|")
    place = 0
    while place < len(inner):
        if inner[place] == "\\":
            cell += inner[place : place + 2]
            place += 2
        elif inner[place] == "|":
            found.append(cell.strip())
            cell = ""
            place += 1
        else:
            cell += inner[place]
            place += 1
    return (*found, cell.strip())


def _list(lines: list[str]) -> Block:
    items: list[list[str]] = []
    below: dict[int, list[str]] = {}
    for line in lines:
        if line.startswith("- "):
            items.append([line[2:].rstrip()])
        elif line.startswith("  - "):
            below.setdefault(len(items) - 1, []).append(line[2:])
        else:
            items[-1].append(line.strip())
    return Block("list", tuple(map(tuple, items)), tuple((place, _list(inner)) for place, inner in below.items()))


def unescaped(text: str) -> str:
    r"""A text without its backslashes.

    >>> unescaped(r"a\_b \\ c")
    'a_b \\ c'
    """
    found, place = "", 0
    while place < len(text):
        place += text[place] == "\\" and place + 1 < len(text)
        found += text[place]
        place += 1
    return found
