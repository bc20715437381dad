"""An extension of Sphinx: the directive `statemodel` shows a piece of a model, such as the states of scf.function.

The only importer of `sphinx` and `docutils`.
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from statemodel.errors import StateModelError
from statemodel.pieces import FORMS, Block, Piece, blocks, piece, unescaped
from statemodel.show import library_version

_INLINE = re.compile(r"(?P<code>`[^`]+`)|(?P<line><br>)")


def form_of(argument: str) -> str:
    """The form that an option names; docutils reports a ValueError with its place."""
    return str(directives.choice(argument, FORMS))


class StateModel(SphinxDirective):
    """A piece of a model; its one argument is the name, its option the form."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"format": form_of, "as": form_of}

    def run(self) -> list[nodes.Node]:
        """The nodes of the piece; a model that is not there is an error at its line."""
        if len(self.options) > 1:
            raise self.error(":format: and :as: are two names of one option: give one of them")
        form = self.options.get("format") or self.options.get("as") or "svg"
        try:
            return list(shown(piece(self.arguments[0], form)))
        except StateModelError as error:
            raise self.error(str(error)) from error


def setup(app: Sphinx) -> dict[str, Any]:
    """Take part in a build."""
    app.add_directive("statemodel", StateModel)
    return {"version": library_version(), "parallel_read_safe": True, "parallel_write_safe": True}


def shown(made: Piece) -> Iterator[nodes.Node]:
    """A piece as nodes; a diagram of Mermaid is drawn by a page that loads Mermaid, and else stands there as text."""
    if made.form == "svg":
        yield nodes.image(uri=made.text, alt=made.alt)
    elif made.form == "mermaid":
        text = made.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        yield nodes.raw("", f'<pre class="mermaid">{text.strip()}</pre>', format="html")
    else:
        yield from (_block(one) for one in blocks(made.text))


def _block(block: Block) -> nodes.Node:
    match block.kind:
        case "table":
            return _table(block)
        case "list":
            return _list(block)
        case "strong":
            return nodes.rubric("", "", *_inline(block.lines[0][0]))
    return nodes.paragraph("", "", *_inline(block.lines[0][0]))


def _list(block: Block) -> nodes.bullet_list:
    below = dict(block.below)
    items = []
    for place, lines in enumerate(block.lines):
        inner: list[nodes.Node] = [nodes.paragraph("", "", *_inline(line)) for line in lines]
        items.append(nodes.list_item("", *inner, *([_list(below[place])] if place in below else [])))
    return nodes.bullet_list("", *items)


def _table(block: Block) -> nodes.table:
    header, *rows = block.lines
    group = nodes.tgroup(cols=len(header))
    group += [nodes.colspec(colwidth=1) for _ in header]
    group += nodes.thead("", _row(header))
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", group, classes=["statemodel"])


def _row(cells: tuple[str, ...]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *_inline(cell))) for cell in cells))


def _inline(text: str) -> Iterator[nodes.Node]:
    """Text with code and breaks of lines; everything else stands for itself."""
    place = 0
    for found in _INLINE.finditer(text):
        if found.start() > place:
            yield nodes.Text(unescaped(text[place : found.start()]))
        if found["code"]:
            yield nodes.literal("", found["code"].strip("`"))
        else:
            yield nodes.raw("", "<br>", format="html")
            yield nodes.raw("", "; ", format="latex text man")
        place = found.end()
    if place < len(text):
        yield nodes.Text(unescaped(text[place:]))
