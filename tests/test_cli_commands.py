"""The commands verify, draw and explain, with good and bad input, what they print where, and their exit codes."""

import json
from types import SimpleNamespace

import pytest

from statemodel.cli import main
from statemodel.cli.output import say_lines
from statemodel.errors import MissingExtraError
from statemodel.pytest_plugin import pytest_addoption
from statemodel.registry import MODELS
from statemodel.testing.suite import Settings


def ran(capsys, *argv):
    """Exit code, standard output and standard error of a command."""
    code = main(list(argv))
    return code, *capsys.readouterr()


# ------------------------------------------------------------------------------------------------- verify


def test_verify(capsys):
    """One block a model; a model without invariants reports its sizes."""
    code, out, _ = ran(capsys, "verify", "scf.billing", "scf.layer", "--max-versions", "1")
    assert code == 0
    assert out.index("scf.billing") < out.index("scf.layer")


def test_verify_json(capsys):
    """One document with an entry for each model."""
    code, out, _ = ran(capsys, "verify", "scf.billing", "fc.account", "--json", "--max-versions", "1")
    shown = json.loads(out)
    assert (code, shown["contract"]) == (0, 1)
    assert [each["model"] for each in shown["models"]] == ["scf.billing", "fc.account"]
    assert {"model", "versions", "configurations", "moves", "holds", "proofs"} <= set(shown["models"][0])


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_verify_of_a_claim_that_is_wrong(capsys, tmp_path, monkeypatch, more):
    """A proof that fails exits 1, with a path that leads there."""
    (tmp_path / "never_active.py").write_text(
        "from statemodel.catalogue.tencent_scf.function import FUNCTION\n"
        "from statemodel.model.service import Claim, Invariant, Service\n"
        "NEVER = Invariant('no Active', Claim.ALWAYS, lambda one: one.state('function') != 'Active', ('function',))\n"
        "MINE = Service('mine', 'A wrong claim.', (FUNCTION,), (NEVER,))\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    code, out, err = ran(capsys, "verify", "never_active:MINE", "--max-versions", "1", *more)
    assert (code, err) == (1, "")
    assert "no Active" in out
    assert "create succeeded" in out


# ------------------------------------------------------------------------------------------------- draw


@pytest.mark.parametrize(
    ("argv", "beginning"),
    [([], "digraph "), (["--format", "dot"], "digraph "), (["--format", "mermaid"], "stateDiagram-v2"),
     (["--format", "plantuml"], "@startuml")],
)
def test_draw_prints_text(capsys, argv, beginning):
    """A text format goes to standard output; DOT where nothing is said."""
    code, out, err = ran(capsys, "draw", "scf.function", *argv)
    assert (code, err) == (0, "")
    assert out.startswith(beginning)
    assert "PublishFailed" in out


def test_draw_prints_no_picture(capsys):
    """A picture needs a folder."""
    assert ran(capsys, "draw", "scf", "--format", "svg") == (
        2, "", "statemodel: error: svg is not for standard output: name a folder with --out DIR\n")


def test_draw_writes_files(capsys, tmp_path):
    """With a folder every committed format is written, and named."""
    code, out, _ = ran(capsys, "draw", "scf.billing", "--out", str(tmp_path / "new"))
    names = ["scf.billing.dot", "scf.billing.mmd", "scf.billing.svg"]
    assert code == 0
    assert out == "".join(f"{tmp_path}/new/{name}\n" for name in names)
    assert sorted(each.name for each in (tmp_path / "new").iterdir()) == names
    assert (tmp_path / "new" / "scf.billing.svg").read_text(encoding="utf-8").count("<svg") == 1
    again = ran(capsys, "draw", "scf.billing", "--out", str(tmp_path / "new"), "--check")
    assert again == (0, "3 files are fresh\n", "")


def test_draw_png(capsys, tmp_path):
    """PNG only when it is asked for."""
    code, out, _ = ran(capsys, "draw", "scf.billing", "--format", "png", "--out", str(tmp_path))
    assert (code, out) == (0, f"{tmp_path}/scf.billing.png\n")
    assert (tmp_path / "scf.billing.png").read_bytes().startswith(b"\x89PNG")


def test_draw_all_and_check(capsys, tmp_path):
    """Every model has its files and a place on the pages; what is stale, missing or extra is named."""
    place = tmp_path / "diagrams"
    argv = ["draw", "--all", "--out", str(place), "--format", "dot"]
    assert ran(capsys, *argv)[0] == 0
    index, page = ((place / name).read_text(encoding="utf-8") for name in ("README.md", "scf/README.md"))
    for name in MODELS:
        folder = name.partition(".")[0]
        assert (place / folder / f"{name}.dot").is_file()
        assert f"[{name}]({folder}/README.md" in index
    assert "## scf.function\n" in page
    assert "[dot](scf.function.dot)" in page
    assert ran(capsys, *argv, "--check")[0] == 0
    (place / "scf" / "scf.billing.dot").write_text("digraph {}", encoding="utf-8")
    (place / "fc" / "fc.dot").unlink()
    assert ran(capsys, *argv, "--check") == (
        1, f"stale: {place}/scf/scf.billing.dot\nmissing: {place}/fc/fc.dot\n", "")


def test_draw_all_check_names_extra_files(capsys, tmp_path, monkeypatch):
    """Files that nobody draws are named where all formats are compared."""
    monkeypatch.setattr("statemodel.cli.draw.all_files", lambda _: {"README.md": b"x"})
    (tmp_path / "README.md").write_text("x", encoding="utf-8")
    assert ran(capsys, "draw", "--all", "--check", "--out", str(tmp_path)) == (0, "1 files are fresh\n", "")
    (tmp_path / "old.dot").write_text("", encoding="utf-8")
    assert ran(capsys, "draw", "--all", "--check", "--out", str(tmp_path)) == (1, f"extra: {tmp_path}/old.dot\n", "")


def test_draw_all_check_without_the_renderer(capsys, tmp_path, monkeypatch):
    """Without what makes pictures the check fails with the one line that says so."""
    def fail(*_):
        raise MissingExtraError("drawing SVG", "draw")

    monkeypatch.setattr("statemodel.drawing.picture.picture", fail)
    assert ran(capsys, "draw", "--all", "--check", "--out", str(tmp_path)) == (
        2, "", "statemodel: error: drawing SVG needs an extra: pip install 'statemodel[draw]'\n")


def test_draw_where_nothing_can_be_written(capsys, tmp_path):
    """A file where a folder should be."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, out, err = ran(capsys, "draw", "scf", "--format", "dot", "--out", str(tmp_path / "file"))
    assert (code, out) == (2, "")
    assert err.startswith(f"statemodel: error: {tmp_path}/file")


# ------------------------------------------------------------------------------------------------- explain


def test_explain_of_ours(capsys):
    """What a finding means, and what to look at; letter case does not matter."""
    expected = (
        "SM103: Calls of other parts of the service were left out, because one part alone was asked about.\n\n"
        "What to look at: Check against the composed service (such as scf instead of scf.function) to judge\n"
        "those calls too.\n"
    )
    assert ran(capsys, "explain", "SM103") == (0, expected, "")
    assert ran(capsys, "explain", "sm103") == (0, expected, "")


def test_every_finding_is_explained():
    """There is advice for each code, and for no other."""
    from statemodel.explain import IN_CONFORM, LOOK_AT
    from statemodel.oracle.verdict import CODES

    assert sorted({**LOOK_AT, **IN_CONFORM}) == list(CODES)


def test_findings_of_a_run_are_explained_without_records():
    """`conform` knows neither records nor who else may call; each code that it can give says what to compare there."""
    from statemodel.explain import IN_CONFORM

    assert set(IN_CONFORM) == {"SM101", "SM104", "SM201", "SM202", "SM203", "SM302", "SM303", "SM304"}
    for text in IN_CONFORM.values():
        assert not [word for word in ("record", "--calls", "--start", "before it") if word in text]


def test_explain_tells_both_commands_apart(capsys):
    """What a code means among records, and what it means in a run against a client."""
    assert ran(capsys, "explain", "SM203") == (0, (
        "SM203: A read showed something that is not possible after what came before it.\n\n"
        "What to look at in a run of `check`: The line `expected`: what could have been shown, and `before\n"
        "it`: what was possible. Either the service skipped a step, records are out of order, or others acted\n"
        "unseen (`--calls partial`).\n\n"
        "What to look at in a run of `conform`: Compare `got` with `expected`, what could have been shown.\n"
        "Then ask of each step before: did the service really do it, all of it, to that resource and version\n"
        "alone? Either a step was accepted and not done, or this answer is stale.\n"
    ), "")  # fmt: skip
    assert "\n\nWhat to look at: Compare `got`" in ran(capsys, "explain", "SM302")[1]


def test_explain_of_a_service(capsys):
    """Which operations answer it in which states of which models, with sources."""
    code, out, err = ran(capsys, "explain", "UnauthorizedOperation.FunctionStatus")
    assert (code, err) == (0, "")
    assert out.startswith("UnauthorizedOperation.FunctionStatus: an error code of a service.\n\nscf.function\n"
                          "  refuses UpdateFunctionConfiguration in Creating, Updating, CreateFailed\n      T18: ")


def test_explain_of_requests_and_noise(capsys):
    """Codes that say nothing about a state are explained too, those known by their beginning among them."""
    assert "may refuse CreateFunction in any state" in ran(capsys, "explain", "LimitExceeded.Function")[1]
    assert "`check` leaves such records out" in ran(capsys, "explain", "InternalError.System")[1]


def test_explain_of_an_unknown_code(capsys):
    """Codes that are spelled alike are named."""
    code, out, err = ran(capsys, "explain", "FailedOperation.UpdateFunctionCod")
    assert (code, out) == (2, "")
    assert err.startswith("statemodel: error: unknown code 'FailedOperation.UpdateFunctionCod'; known: "
                          "FailedOperation.UpdateFunctionCode, ")


def test_lines_of_json(capsys):
    """A document with an entry a line, of what it iterates over, is JSON, nothing to iterate over included."""
    shown = {"contract": 1, "numbers": [1, 2], "none": [], "entries": [{"a": 1}, {"b": ["é"]}]}
    say_lines({**shown, "none": iter(shown["none"]), "entries": iter(shown["entries"])})
    out = capsys.readouterr().out
    assert json.loads(out) == shown
    assert out == '{"contract": 1,\n "numbers": [1,2],\n "none": [],\n "entries": [\n{"a":1},\n{"b":["é"]}]}\n'


def test_the_default_that_is_told_is_the_default(capsys):
    """How many random walks there are stands in the help, and in the options of pytest."""
    assert main(["conform", "--help"]) == 0
    assert f"random walks; default: {Settings().examples}" in " ".join(capsys.readouterr().out.split())
    asked = []
    group = SimpleNamespace(addoption=lambda name, **more: asked.append((name, more.get("default"))))
    pytest_addoption(SimpleNamespace(getgroup=lambda *_: group))
    assert ("--conform-examples", Settings().examples) in asked
