"""An extension of Python-Markdown, which MkDocs and Zensical run: a line becomes a piece of a model.

    [[statemodel: scf.function states]]

The second word is a form of `statemodel.pieces`; svg where it is left out. A fence of code that shows such a line is
left alone. The only importer of `markdown`.
"""

import re
from html import escape

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from statemodel.pieces import piece

BEFORE_FENCES = 28  # after white space is made even (30), before fences (25) and HTML (20) are taken out
_LINE = re.compile(r"\[\[statemodel:\s*(?P<name>\S+)(?:\s+(?P<form>\S+))?\s*\]\]\s*")
_FENCE = re.compile(r"\s*(?P<fence>`{3,}|~{3,})")


class Pieces(Preprocessor):
    """Puts pieces in place of the lines that ask for them."""

    def run(self, lines: list[str]) -> list[str]:
        """The lines of a document with pieces in them.

        Raises:
            UsageError: a line asks for a model or form that there is not.
        """
        found: list[str] = []
        fence = ""
        for line in lines:
            asked = _LINE.fullmatch(line)
            if opening := _FENCE.match(line):
                mark = opening["fence"]
                fence = mark if not fence else "" if mark.startswith(fence) else fence
            if asked and not fence:
                found += written(asked["name"], asked["form"] or "svg")
            else:
                found.append(line)
        return found


class Models(Extension):
    """What a site names as `statemodel.markdown`."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        """Take part in reading documents; tables are needed too."""
        md.registerExtensions(["tables"], {})
        md.preprocessors.register(Pieces(md), "statemodel", BEFORE_FENCES)


def makeExtension(**options: object) -> Models:  # noqa: N802 - the name is Python-Markdown's
    """The extension.

    Raises:
        TypeError: an option is given; there is none.
    """
    if options:
        raise TypeError(f"statemodel.markdown takes no options; given: {', '.join(options)}")
    return Models()


def written(name: str, form: str) -> list[str]:
    """A piece as lines of Python-Markdown; lists below lists are set in by four."""
    made = piece(name, form)
    if form == "svg":
        return ["", f'<p><img src="{made.text}" alt="{escape(made.alt)}"></p>', ""]
    if form == "mermaid":
        return ["", f'<pre class="mermaid">{escape(made.text).strip()}</pre>', ""]
    return ["", *(f"  {line}" if line.startswith("  ") else line for line in made.text.splitlines()), ""]
