"""A page to look into a graph shows what the model says, and is one file that needs nothing else."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from xml.etree import ElementTree as ET

import attrs
import pytest

from statemodel import Claim, Invariant
from statemodel.cli import main
from statemodel.drawing.outline import outline
from statemodel.player.drawn import DARK, colours, dark_rules, drawing
from statemodel.player.page import document, embedded, html
from statemodel.player.runs import MOST_RECORDS, Stage, of_histories, of_proofs
from statemodel.player.scenes import Ledger, Table
from statemodel.player.walk import walk
from statemodel.registry import MODELS, model
from statemodel.semantics import Accepted, answers, call, hidden, prepare
from statemodel.show import graphs_of
from statemodel.verify import verify

HISTORY = "tests/histories/scf-T22.jsonl"
NEVER_FROZEN = Invariant("billing is never frozen", Claim.ALWAYS, lambda look: look.state("billing") != "Frozen",
                         ("billing",))


@pytest.fixture(autouse=True)
def _at_the_top(request, monkeypatch):
    monkeypatch.chdir(request.config.rootpath)


def staged(chosen, versions=1, most=60):
    """The stage of a model with all scenes of its walk."""
    reached = walk(prepare(chosen), versions=versions, most=most)
    ledger = Ledger()
    return Stage(ledger, reached.scenes(ledger), reached)


def entries(stage, number):
    """The entries of a scene by label."""
    found = [stage.ledger.entries.values[one] for one in stage.scenes[number]["entries"]]
    return {entry["label"]: entry for entry in found}


# ------------------------------------------------------------------------------------------------- scenes and walks


@pytest.mark.parametrize("name", ["scf.billing", "scf.function", "fc.account", "fc.version", "scf.layer"])
def test_a_walk_says_what_the_five_functions_say(name):
    """In every scene each call has the verdict and each move the ends that the semantics gives it."""
    chosen = model(name)
    system, stage = prepare(chosen), staged(chosen)
    for number, here in enumerate(stage.walk.configurations):
        shown = entries(stage, number)
        assert {entry["name"] for entry in shown.values() if entry["verdict"] == "hidden"} == {
            move.event.name for move in hidden(system, here)}
        for label, entry in shown.items():
            if entry["initiator"] == "caller" and "(" not in label:
                sides = {isinstance(step.answer, Accepted)
                         for step in answers(system, here, call(system.operations[label], {"content": 0}))}
                wanted = "open" if len(sides) > 1 else "legal" if True in sides else "refused"
                assert (label, entry["verdict"]) == (label, wanted)


def test_a_way_leads_where_it_says():
    """The scene a way leads to shows the configuration that stands at the way."""
    stage = staged(model("scf"), most=40)
    led = 0
    for number in range(len(stage.scenes)):
        for entry in entries(stage, number).values():
            for way in entry["ways"]:
                if way["to"] is not None:
                    led += 1
                    assert stage.scenes[way["to"]]["words"] == [way["after"]]
    assert led > 100


def test_a_walk_is_bounded():
    """The nearest configurations are kept, and it is told that there are more."""
    small, whole = (walk(prepare(model("scf.billing")), versions=1, most=most) for most in (3, 50))
    assert (len(small.configurations), small.is_whole) == (3, False)
    assert (len(whole.configurations), whole.is_whole) == (6, True)
    assert whole.configurations[:3] == small.configurations


def test_rows_are_those_of_the_model():
    """Every way names rows of the model that speak of its event."""
    stage = staged(model("scf.billing"))
    for number in range(len(stage.scenes)):
        for entry in entries(stage, number).values():
            rows = [stage.ledger.rows.values[one] for way in entry["ways"] for one in way["rows"]]
            assert {row.event.name for row in rows} <= {entry["name"]}
    assert stage.ledger.rows.values


def test_a_table_tells_each_value_once():
    """Equal values have one number."""
    table = Table()
    assert [table.number(one) for one in ({"a": 1}, {"b": 1}, {"a": 1})] == [0, 1, 0]
    assert table.values == [{"a": 1}, {"b": 1}]


# ------------------------------------------------------------------------------------------------- runs


def test_a_history_plays_to_the_record_that_cannot_be():
    """A frame a record; the last one is wrong and says what was expected instead."""
    stage = staged(model("scf"))
    [run] = of_histories(model("scf"), HISTORY, stage, start="absent")
    assert run["title"].endswith("violates SM203")
    assert [frame["wrong"] for frame in run["frames"]][-2:] == [False, True]
    assert run["frames"][-1]["details"]
    assert run["frames"][-1]["scene"] == run["frames"][-2]["scene"]


def test_a_belief_holds_every_state_that_is_possible(tmp_path):
    """After a creation that is under way the function is there, is not, or has failed; a read settles it."""
    file = tmp_path / "f.jsonl"
    file.write_text(
        '{"resource": "f", "op": "CreateFunction", "result": {}}\n'
        '{"resource": "f", "op": "GetFunction", "result": {"Status": "Creating"}}\n'
        '{"resource": "f", "op": "GetFunction", "result": {"Status": "Active"}}\n', encoding="utf-8")
    stage = staged(model("scf"))
    [run] = of_histories(model("scf"), str(file), stage, start="absent")
    seen = [next(one["states"] for one in stage.scenes[frame["scene"]]["members"] if one["part"] == "function")
            for frame in run["frames"]]
    assert seen == [["Absent"], ["Absent", "Creating", "Active", "CreateFailed"],
                    ["Absent", "Creating", "Active", "CreateFailed"], ["Active"]]


def test_a_counterexample_ends_where_the_statement_is_broken():
    """Its frames are the real steps of the proof; those of the walk are shared with it."""
    chosen = attrs.evolve(model("scf.billing"), invariants=(NEVER_FROZEN,))
    stage = staged(chosen)
    walked = len(stage.scenes)
    [run] = of_proofs(chosen, verify(chosen, versions=1), stage)
    assert [frame["line"] for frame in run["frames"]] == ["the beginning", "(account frozen, by the environment)"]
    last = run["frames"][-1]
    assert (run["kind"], last["wrong"], last["scene"] < walked) == ("counterexample", True, True)
    assert last["note"] == "here it is broken: billing is never frozen"
    assert stage.scenes[last["scene"]]["members"] == [{"part": "billing", "key": None, "states": ["Frozen"]}]


def test_goals_are_played_too():
    """A goal that is reached is a run without a wrong frame."""
    goal = attrs.evolve(NEVER_FROZEN, name="frozen", claim=Claim.SOMETIMES,
                        test=lambda look: look.state("billing") == "Frozen")
    chosen = attrs.evolve(model("scf.billing"), invariants=(goal,))
    [run] = of_proofs(chosen, verify(chosen, versions=1), staged(chosen))
    assert (run["kind"], [frame["wrong"] for frame in run["frames"]]) == ("goal", [False, False])


# ------------------------------------------------------------------------------------------------- the page


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--", "a & b", "\u2028\u2029", '"\\'])
def test_what_is_embedded_ends_no_script(text):
    """Nothing that HTML or JavaScript acts on stands in the data, and it reads back as it was."""
    shown = embedded({"a": text})
    assert not set(shown) & set("<>&\u2028\u2029")
    assert json.loads(shown) == {"a": text}


def page_of(name="scf.billing", **more):
    chosen = attrs.evolve(model(name), **more)
    stage = staged(chosen)
    return html(chosen, stage, [])


def test_a_model_that_would_end_the_script_does_not():
    """A doc that holds markup stands in the page as text."""
    graph = graphs_of(model("scf.billing"))[0]
    rude = attrs.evolve(graph, doc="</script><img src=x onerror=alert(1)>")
    shown = html(rude, staged(rude), [])
    assert "<img" not in shown
    assert shown.count("</script>") == 2


def test_the_page_needs_nothing_else():
    """No address that a browser would fetch from; the policy of the page forbids it, and allows its own script only."""
    shown = page_of()
    assert re.findall(r'(?:src|href)="(?!data:,)[^"]*"', shown) == []
    assert re.findall(r"url\(|@import", shown) == []
    policy = unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', shown)[1])
    script, style = (re.search(rf"<{tag}>(.*?)</{tag}>", shown, re.DOTALL)[1] for tag in ("script", "style"))
    for part, text in (("script-src", script), ("style-src", style)):
        assert f"{part} 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none';")
    assert " style=" not in shown.replace(script, "")
    assert " onclick=" not in shown


def test_the_page_is_the_same_every_time():
    """Written twice, it is the same text."""
    assert page_of() == page_of()


def test_the_document_names_every_source_it_speaks_of():
    """Rows, entries and scenes hang together, and every source of a row is told of."""
    chosen = model("fc.account")
    stage = staged(chosen)
    shown = document(chosen, stage, [])
    assert {key for row in shown["rows"] for key in row["sources"]} == set(shown["sources"])
    assert {one for entry in shown["entries"] for way in entry["ways"] for one in way["rows"]} <= set(
        range(len(shown["rows"])))
    assert shown["walk"] == len(shown["scenes"]) == 3


@pytest.mark.parametrize("name", [name for name in MODELS if "." in name])
def test_every_state_can_be_pointed_at(name):
    """Each state of a drawing is a button with a name, and arrows know their ends."""
    graph = graphs_of(model(name))[0]
    root = ET.fromstring(drawing(graph))  # noqa: S314 - drawn just now
    buttons = [one for one in root.iter() if one.get("role") == "button"]
    assert sorted(one.get("data-state") for one in buttons) == sorted(state.name for state in graph.states)
    assert all(one.get("aria-label") and one.get("tabindex") == "0" for one in buttons)
    states = {state.name for state in graph.states}
    ends = [set(one.get("data-from").split("|")) for one in root.iter() if one.get("data-from")]
    assert ends
    assert all(each <= states for each in ends)
    assert [one for one in root.iter() if one.get("id")] == []


def test_arrows_stand_for_every_row_that_is_drawn():
    """The arrows of a drawing join just the states that the outline joins."""
    graph = graphs_of(model("scf.function"))[0]
    covers = {node.id: "|".join(node.covers) for node in outline(graph).nodes}
    wanted = {(covers[arrow.source], covers[arrow.target]) for arrow in outline(graph).arrows}
    root = ET.fromstring(drawing(graph))  # noqa: S314 - drawn just now
    assert {(one.get("data-from"), one.get("data-to")) for one in root.iter() if one.get("data-from")} == wanted


def test_every_colour_has_one_for_the_dark():
    """No colour of a drawing is left as it is on a dark page."""
    assert colours() <= set(DARK)
    used = {colour for graph in graphs_of(model("scf"))
            for colour in re.findall(r'(?:fill|stroke)="([^"]+)"', drawing(graph))}
    assert used - {"none"} <= set(DARK)
    assert dark_rules(".x").count('.x [fill="') == len(DARK)


def _luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("letters", ["#1b1b1b", "#222222", "#1d5fa8", "#9a5200", "#8250a8"])
@pytest.mark.parametrize("ground", ["#14171b", "#fff1c2", "#d8f0d8", "#fbd8d6"])
def test_letters_can_be_read_in_the_dark(letters, ground):
    """Every text keeps a contrast of 4.5 to 1 (WCAG 2.2, 1.4.3) with what is behind it."""
    behind = DARK.get(ground, ground)
    bright, dark = sorted((_luminance(DARK[letters]), _luminance(behind)), reverse=True)
    assert (bright + 0.05) / (dark + 0.05) >= 4.5


# ------------------------------------------------------------------------------------------------- the command


def test_explore_writes_one_file(capsys, tmp_path):
    """The page of a model, its name printed."""
    target = tmp_path / "new" / "page.html"
    assert main(["explore", "fc.account", "--out", str(target)]) == 0
    assert capsys.readouterr().out == f"{target}\n"
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>\n")


def test_explore_with_what_to_play(tmp_path):
    """A history and the runs of proofs stand in the data of the page."""
    target = tmp_path / "page.html"
    argv = ["explore", "scf.billing", "--history", HISTORY, "--proofs", "--configurations", "2", "--out", str(target)]
    assert main(argv) == 0
    text = re.search(r'id="document">(.*?)</script>', target.read_text(encoding="utf-8"), re.DOTALL)[1]
    shown = json.loads(text)
    assert (shown["walk"], shown["is_whole"]) == (2, False)
    assert [run["kind"] for run in shown["runs"]] == ["history"]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["nothing"], "unknown model 'nothing'; known: scf,"),
        (["scf.billing", "--history", "gone.jsonl"], "gone.jsonl: expected a readable file"),
        (["scf.billing", "--history", "README.md"], "README.md:1: found '# statemodel', expected one JSON"),
    ],
)
def test_explore_of_what_is_not_there(capsys, tmp_path, argv, message):
    """Bad input is one line, exits 2, and nothing is written."""
    assert main(["explore", *argv, "--out", str(tmp_path / "page.html")]) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"statemodel: error: {message}")
    assert (said.out, said.err.count("\n"), list(tmp_path.iterdir())) == ("", 1, [])


def test_too_long_a_history_is_told_of(capsys, tmp_path):
    """A page plays a bounded number of records, and says so."""
    file = tmp_path / "long.jsonl"
    file.write_text('{"resource": "f", "silence": 1}\n' * (MOST_RECORDS + 1), encoding="utf-8")
    assert main(["explore", "fc.account", "--history", str(file), "--out", str(tmp_path / "page.html")]) == 2
    assert capsys.readouterr().err == (
        f"statemodel: error: {file}: 501 records of 'f', and a page plays at most 500 of one; write those to look "
        "at to a file of their own\n")
