"""Pieces of models for documents of others: every form of every model, and blocks that a builder can lay out."""

from base64 import b64decode

import pytest

from statemodel.errors import UsageError
from statemodel.page import section
from statemodel.pieces import FORMS, Block, blocks, piece, unescaped
from statemodel.registry import MODELS, model
from statemodel.show import graphs_of

WORDS = ("table", "states", "transitions", "refusals", "outline", "policies", "sources")


def test_a_picture_is_an_address_that_holds_it():
    """The drawing itself, with the same in words."""
    made = piece("fc.account", "svg")
    assert b64decode(made.text.partition("base64,")[2]).startswith(b"<?xml")
    assert made.alt.startswith("State diagram of fc.account. ")


@pytest.mark.parametrize(
    ("name", "form", "message"),
    [
        ("nothing", "svg", "unknown model 'nothing'; known: scf, "),
        ("scf", "nothing", "unknown form 'nothing'; known: svg, mermaid, outline, table, "),
        ("gone:MODEL", "svg", "model gone:MODEL: no module 'gone' can be imported here. "),
    ],
)
def test_what_is_not_there(name, form, message):
    """One line names what was asked for and what there is."""
    with pytest.raises(UsageError) as caught:
        piece(name, form)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("form", WORDS)
@pytest.mark.parametrize("name", MODELS)
def test_blocks_lose_nothing(name, form):
    """Every word of a piece stands in its blocks, and each row of a table has as many cells as its header."""
    made = piece(name, form)
    found = list(blocks(made.text))
    flat = " ".join(said(found))
    assert [word for word in made.text.split() if word.strip("|-*") and word.strip("*") not in flat] == []
    for block in found:
        assert block.kind != "table" or {len(row) for row in block.lines} == {len(block.lines[0])}


def said(found):
    for block in found:
        yield from (cell for line in block.lines for cell in line)
        yield from said(inner for _, inner in block.below)


def test_every_form_is_there():
    """All sections but one, which is called by what it is; drawings besides."""
    assert FORMS == ("svg", "mermaid", "outline", "table", "states", "transitions", "refusals", "invariants",
                     "policies", "sources")
    assert piece("scf", "table").text == section(model("scf"), "operations")


def test_a_table_has_a_row_for_each_state():
    """Header first, the line below it left out."""
    [table] = blocks(piece("scf.function", "states").text)
    states = graphs_of(model("scf.function"))[0].states
    assert [row[0] for row in table.lines] == ["state", *(state.name for state in states)]


def test_blocks_of_a_text():
    """Bars that are escaped part no cells, items keep their further lines, lists hang below items."""
    text = "one\ntwo\n\n| a | b |\n| --- | --- |\n| x \\| y | z |\n\n- i  \n  more\n  - j\n- k\n\n**s**\n"
    inner = Block("list", (("j",),))
    assert list(blocks(text)) == [
        Block("paragraph", (("one two",),)),
        Block("table", (("a", "b"), ("x \\| y", "z"))),
        Block("list", (("i", "more"), ("k",)), ((0, inner),)),
        Block("strong", (("s",),)),
    ]


def test_escapes_are_taken_out_once():
    """A backslash that was written stays."""
    assert unescaped("a\\_b\\\\c\\|d\\") == "a_b\\c|d\\"
