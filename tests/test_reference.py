"""Pages of reference and marked regions: written from the model, the same every time, and drift is noticed."""

import json
from pathlib import Path

import attrs
import pytest

from statemodel.cli import main
from statemodel.errors import StateModelError, UsageError
from statemodel.model.service import as_service
from statemodel.page import SECTIONS, markdown, section
from statemodel.reference import in_words, page, pages, read_proofs
from statemodel.regions import filled, regions_of
from statemodel.registry import MODELS, model
from statemodel.show import graphs_of
from statemodel.verify import verify

PROOFS = Path(__file__).parents[1] / "docs" / "proofs.json"
TEXT = "# Title\n\n<!-- statemodel: one -->\nold\n<!-- /statemodel -->\n\nrest\n"


def ran(capsys, *argv):
    """Exit code, standard output and standard error of a command."""
    code = main(list(argv))
    return code, *capsys.readouterr()


# ------------------------------------------------------------------------------------------------- pages


@pytest.mark.parametrize("name", MODELS)
def test_a_page_has_all_of_show_and_more(name):
    """Every line of `show --format md` stands in the page, besides the drawing and recorded evidence."""
    shown = page(model(name), "svg").splitlines()
    there = set(shown)
    assert [line for line in markdown(model(name)).splitlines() if line not in there] == []
    assert sum(line.startswith("![") and line.endswith(f"]({name}.svg)") for line in shown) == 1


def test_recorded_evidence_is_told_of():
    """Each recording that a row cites as observed stands in a table, with what it bears out."""
    graph = graphs_of(model("scf.function"))[0]
    keys = {source.key for row in graph.rows for each in row.evidence if each.confidence == "observed"
            for source in each.sources}
    shown = page(model("scf.function"), "none").replace("\\", "")
    table = shown.partition("## Recorded evidence\n")[2].partition("\n## ")[0]
    assert keys
    assert {line.split("|")[1].strip() for line in table.splitlines() if line.startswith("|")} - {"key", "---"} == keys


def test_a_page_tells_what_was_proved():
    """A statement has what came of it: how far, under what, and how many steps break it or reach it."""
    found = verify(model("scf.billing"), versions=1).document()
    assert found["proofs"] == []
    saved = json.loads(PROOFS.read_text(encoding="utf-8"))["models"]
    shown = page(model("scf"), "none", {each["model"]: each for each in saved})
    table = shown.partition("## Invariants\n")[2].partition("\n## ")[0].splitlines()
    assert table[1] == "| claim | statement | what was proved |"
    assert all(" configurations, up to 2 versions" in line for line in table[3:])
    assert len(table[3:]) == len(model("scf").invariants)
    assert "nothing: nobody tried" not in shown


def test_what_came_of_a_statement_in_words():
    """Held, broken, reached and never reached read differently."""
    proof = {"invariant": "x", "claim": "always", "holds": True, "about": [], "under": ["p = a"], "configurations": 3,
             "path": ["one", "two"]}
    cases = [("always", True), ("always", False), ("sometimes", True), ("sometimes", False)]
    told = [in_words({"versions": 2, "proofs": [{**proof, "claim": claim, "holds": holds}]})["x"]
            for claim, holds in cases]
    scope = "(3 configurations, up to 2 versions, under p = a)"
    assert told == [f"holds {scope}", f"broken in 2 steps {scope}", f"reached in 2 steps {scope}",
                    f"never reached {scope}"]


def test_saved_proofs_are_of_the_statements_there_are():
    """The committed result speaks of every statement of every service, as it is claimed now, and all of it holds."""
    text = PROOFS.read_text(encoding="utf-8")
    found = read_proofs(text, "proofs.json", list(MODELS.values()))
    assert sorted(found) == sorted(name for name in MODELS if as_service(model(name)).invariants)
    assert [each["invariant"] for one in found.values() for each in one["proofs"] if not each["holds"]] == []


@pytest.mark.parametrize("change", ["name", "claim", "more", "fewer"])
def test_proofs_of_other_statements_are_refused(change):
    """A statement that was changed, added or taken away makes saved proofs useless, and that is said."""
    chosen = model("scf")
    first, *rest = chosen.invariants
    invariants = {
        "name": (attrs.evolve(first, name="another"), *rest), "claim": (attrs.evolve(first, about=("alias",)), *rest),
        "more": (*chosen.invariants, attrs.evolve(first, name="another")), "fewer": tuple(rest)}[change]
    other = attrs.evolve(chosen, invariants=invariants)
    with pytest.raises(StateModelError, match=r"^p\.json: proofs of other statements than those of scf: .*; write it"):
        read_proofs(PROOFS.read_text(encoding="utf-8"), "p.json", [other])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"models": [1]}', '{"models": [{"model": "scf"}]}'])
def test_what_is_no_result_of_verify(text):
    """One line says what was expected."""
    with pytest.raises(StateModelError, match=r"^p\.json: expected what `statemodel verify --json` writes$"):
        read_proofs(text, "p.json", [model("scf")])


def test_pages_are_the_same_every_time_and_all_there():
    """A page and a picture a model, and an index that links to each."""
    names = ["fc.account", "scf.alias"]
    once, twice = (pages([model(name) for name in names], "svg") for _ in range(2))
    assert once == twice
    assert sorted(once) == ["fc.account.md", "fc.account.svg", "index.md", "scf.alias.md", "scf.alias.svg"]
    assert all(f"[{name}]({name}.md)" in once["index.md"].decode() for name in names)


def test_docs_writes_and_checks(capsys, tmp_path):
    """Fresh pages pass; a page that was changed, is missing or is nobody's fails by name."""
    argv = ["docs", "fc.account", "--drawings", "mermaid", "--out", str(tmp_path)]
    assert ran(capsys, *argv)[0] == 0
    assert ran(capsys, *argv, "--check") == (0, "2 files are fresh\n", "")
    (tmp_path / "fc.account.md").write_text("changed", encoding="utf-8")
    (tmp_path / "index.md").unlink()
    (tmp_path / "more.md").write_text("", encoding="utf-8")
    code, out, _ = ran(capsys, *argv, "--check")
    assert (code, out.splitlines()) == (1, [f"missing: {tmp_path / 'index.md'}", f"stale: {tmp_path / 'fc.account.md'}",
                                            f"extra: {tmp_path / 'more.md'}"])


def test_docs_without_pictures_needs_no_extra():
    """Diagrams stand within the pages as Mermaid."""
    shown = pages([model("fc.account")], "mermaid")["fc.account.md"].decode()
    assert "\n```mermaid\nstateDiagram-v2\n" in shown


def test_docs_with_proofs_that_are_not_there(capsys, tmp_path):
    """One line, exit 2, nothing written."""
    code, out, err = ran(capsys, "docs", "scf", "--out", str(tmp_path / "d"), "--proofs", "gone.json")
    assert (code, out, err) == (2, "", "statemodel: error: gone.json: No such file or directory\n")
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------------- sections


@pytest.mark.parametrize("name", SECTIONS)
@pytest.mark.parametrize("chosen", ["scf", "scf.alias"])
def test_a_section_is_that_of_the_page(chosen, name):
    """Its lines stand in the page; the table of transitions says the same as the list there."""
    lines = [line for line in section(model(chosen), name).splitlines() if not line.startswith("**")]
    if name == "transitions":
        moves = [line for line in lines if line.startswith("|")][2:]
        heads = page(model(chosen), "none").count(" → ")
        assert 0 < len(moves) <= heads
        return
    assert lines or name == "invariants"
    whole = set(markdown(model(chosen)).splitlines())
    assert [line for line in lines if line not in whole] == []


def test_a_table_of_transitions():
    """Where from, what by whom, where to, on what conditions, and who says so."""
    lines = section(model("fc.account"), "transitions").splitlines()
    assert lines[0] == "| from | event | to | conditions | evidence |"
    assert lines[2].startswith("| Normal | account frozen (by the environment) | Frozen |  | documented: ")


# ------------------------------------------------------------------------------------------------- regions


def test_a_region_is_filled_and_the_rest_left():
    """What stands between the two comments is replaced, once and for all."""
    once = filled(TEXT, "one", "new\n", "f.md")
    assert once == "# Title\n\n<!-- statemodel: one -->\n\nnew\n\n<!-- /statemodel -->\n\nrest\n"
    assert filled(once, "one", "new\n", "f.md") == once


def test_ends_of_lines_stay():
    """A file with carriage returns keeps them."""
    windows = TEXT.replace("\n", "\r\n")
    wanted = filled(TEXT, "one", "new\nlines", "f.md").replace("\n", "\r\n")
    assert filled(windows, "one", "new\nlines", "f.md") == wanted


def test_comments_within_code_are_none():
    """A fence of code that shows how regions are written is left alone."""
    fenced = f"````markdown\n{TEXT}```\n````\n{TEXT}"
    assert [one.begin for one in regions_of(fenced.splitlines(keepends=True), "f.md")] == [12]
    assert filled(fenced, "one", "new", "f.md").startswith(f"````markdown\n{TEXT}")


def test_a_region_may_hold_a_fence():
    """What was filled in may be a block of code, which does not hide the end."""
    once = filled(TEXT, "one", "```mermaid\na\n```\n", "f.md")
    assert filled(once, "one", "b", "f.md") == filled(TEXT, "one", "b", "f.md")


BAD = [
    (TEXT, "two", UsageError, "unknown region of f.md 'two'; known: one"),
    ("nothing", "one", UsageError, "unknown region of f.md 'one'"),
    (TEXT + TEXT, "one", StateModelError,
     "f.md: two regions are marked 'one', in lines 3 and 10; give one another mark"),
    ("<!-- statemodel: one -->\n", "one", StateModelError,
     "f.md:1: region 'one' has no end; write <!-- /statemodel --> after it"),
    ("a\n<!-- /statemodel -->\n", "one", StateModelError,
     "f.md:2: a region ends that never began; take the comment out"),
    ("<!-- statemodel: one -->\n" + TEXT, "one", StateModelError,
     "f.md:4: region 'one' begins within 'one', which has no end; write <!-- /statemodel --> before it"),
]


@pytest.mark.parametrize(("text", "mark", "kind", "message"), BAD)
def test_regions_that_cannot_be_filled(text, mark, kind, message):
    """One line says what is wrong, where, and what to do."""
    with pytest.raises(kind) as caught:
        filled(text, mark, "new", "f.md")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("argv", "begins"),
    [
        (["draw", "fc.account"], "```mermaid\nstateDiagram-v2\n"),
        (["draw", "fc.account", "--format", "outline"], "State diagram of fc.account. "),
        (["draw", "fc.account", "--format", "xstate"], '```json\n{\n "id": "fc.account",'),
        (["show", "fc.account", "--section", "states"], "| state | shows | kind | what it is |\n"),
    ],
)
def test_into_fills_and_checks(capsys, tmp_path, argv, begins):
    """Filled it is fresh; a change within the region is noticed, and one outside it is nobody's business."""
    file = tmp_path / "page.md"
    file.write_text(TEXT, encoding="utf-8")
    place = f"{file}#one"
    assert ran(capsys, *argv, "--into", place, "--check") == (1, f"stale: {place}\n", "")
    assert file.read_text(encoding="utf-8") == TEXT
    assert ran(capsys, *argv, "--into", place) == (0, f"{place}\n", "")
    text = file.read_text(encoding="utf-8")
    assert text.partition("-->\n\n")[2].startswith(begins)
    file.write_text(text + "more\n", encoding="utf-8")
    assert ran(capsys, *argv, "--into", place, "--check") == (0, f"{place} is fresh\n", "")
    file.write_text(text.replace("Normal", "Odd", 1), encoding="utf-8")
    assert ran(capsys, *argv, "--into", place, "--check")[0] == 1


def test_our_own_region_is_fresh(capsys):
    """The page that tells of regions has one, and it shows what the model says now."""
    place = f"{PROOFS.parent / 'documents.md'}#states"
    argv = ["show", "fc.account", "--section", "states", "--into", place, "--check"]
    assert ran(capsys, *argv) == (0, f"{place} is fresh\n", "")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["draw", "fc.account", "--into", "page.md"],
         "'page.md' names no region: write FILE#MARK, such as README.md#states"),
        (["draw", "fc.account", "--into", "gone.md#one"], "gone.md: No such file or directory"),
        (["draw", "fc.account", "--into", "page.md#two"], "unknown region of page.md 'two'; known: one"),
        (["draw", "fc.account", "--into", "odd.md#one"], "odd.md: expected text in UTF-8; byte 0 is none"),
        (["draw", "fc.account", "--into", "page.md#one", "--format", "svg"],
         "svg is a picture: write it with --out DIR and link to it, or choose a text format"),
        (["draw", "--all", "--into", "page.md#one"],
         "--into fills one region with one model: leave --all and --out away"),
        (["show", "fc.account", "--into", "page.md#one"],
         "--into and --check need --section: which part of the page is meant?"),
        (["show", "fc.account", "--section", "states", "--check"],
         "--check needs --into FILE#MARK: which region is meant?"),
        (["show", "fc.account", "--section", "states", "--format", "json"],
         "a section is Markdown: leave --format json away"),
    ],
)
def test_bad_regions_on_the_command_line(capsys, tmp_path, monkeypatch, argv, message):
    """One line, exit 2, and the file stays as it is."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "odd.md").write_bytes(b"\xff")
    assert ran(capsys, *argv) == (2, "", f"statemodel: error: {message}\n")
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == TEXT
