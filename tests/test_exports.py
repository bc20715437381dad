"""Models in languages of others: everything that can be said there is said, and the rest is reported as lost."""

import json
import re
from xml.etree import ElementTree as ET

import attrs
import pytest

from statemodel.drawing.losses import NEVER_DRAWN, lost
from statemodel.drawing.mermaid import to_mermaid
from statemodel.drawing.outline import diagram, drawn
from statemodel.drawing.plantuml import to_plantuml
from statemodel.drawing.rows import conditions_of, exits, left_out
from statemodel.drawing.scxml import NAMESPACE, to_scxml
from statemodel.drawing.spoken import to_outline
from statemodel.drawing.xstate import to_xstate
from statemodel.model.graph import Kind, Refusal, State, Transition, TransitionGraph
from statemodel.model.graph import service as by_service
from statemodel.registry import MODELS, model
from statemodel.show import graphs_of

SINGLE = [name for name in MODELS if "." in name]


def scxml(name):
    return ET.fromstring(to_scxml(model(name)).encode())  # noqa: S314 - written just now


def tagged(root, tag):
    return list(root.iter(f"{{{NAMESPACE}}}{tag}"))


@pytest.mark.parametrize("name", SINGLE)
def test_every_move_stands_in_xstate(name):
    """States, events, targets and conditions are those of the rows that are drawn."""
    graph, shown = graphs_of(model(name))[0], json.loads(to_xstate(model(name)))
    assert (shown["id"], shown["initial"]) == (name, graph.initial)
    found = {(state, event, way["target"], way["meta"]["modality"] == "may")
             for state, said in shown["states"].items() for event, ways in said.get("on", {}).items() for way in ways}
    wanted = {(state, row.event.name, row.target or state, graph.is_open(row)) for row in drawn(graph)
              for state in row.source if row.effect or row.target not in (None, state) or row.initiator != "caller"}
    assert found == wanted
    assert {said["tags"][0] for said in shown["states"].values()} == {str(state.kind) for state in graph.states}


@pytest.mark.parametrize("name", MODELS)
def test_scxml_is_xml_whose_ends_are_there(name):
    """One namespace, names that occur once, and every transition leads to a state."""
    root = scxml(name)
    assert {one.tag.partition("}")[0] for one in root.iter()} == {f"{{{NAMESPACE}"}
    ids = [one.get("id") for tag in ("state", "parallel", "data") for one in tagged(root, tag)]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", one) for one in ids)
    ends = {one.get("target") for one in tagged(root, "transition")} | {root.get("initial")}
    assert ends <= set(ids)
    assert all(" " not in one.get("event") for one in tagged(root, "transition"))


@pytest.mark.parametrize("name", SINGLE)
def test_both_say_the_same(name):
    """SCXML has a transition for every one of XState, and a datum for each condition."""
    ways = [way for said in json.loads(to_xstate(model(name)))["states"].values()
            for each in said.get("on", {}).values() for way in each]
    assert len(tagged(scxml(name), "transition")) == len(ways)
    assert len(tagged(scxml(name), "data")) == len(conditions_of(model(name))) == len(
        {way["guard"] for way in ways if "guard" in way})


def test_a_condition_comes_before_what_has_none():
    """Where the first that fits is taken, one without a condition would hide all others."""
    for name in SINGLE:
        graph = graphs_of(model(name))[0]
        for state in graph.states:
            found = exits(graph, state)
            for event in {one.event for one in found}:
                free = [one.condition is None for one in found if one.event == event]
                assert free == sorted(free)


def test_names_that_mean_something_to_xml():
    """Markup, spaces, doubled hyphens and names that begin with a digit spoil nothing."""
    source = graphs_of(model("scf.layer"))[0].rows[0].evidence
    event = by_service("is <made> & done -- really-")
    odd = TransitionGraph(
        "odd.one", "A -- <doc> & more --> end.",
        (State("Absent", Kind.ABSENT, "None."), State("1 & <b>", Kind.RESTING, "There--"),
         State("1 & <c>", Kind.RESTING, "There.")),
        (Transition("Absent", event, "1 & <b>", evidence=source),
         Transition("1 & <b>", by_service("again"), "1 & <c>", evidence=source)),
    )
    root = ET.fromstring(to_scxml(odd).encode())  # noqa: S314 - written just now
    assert [one.get("id") for one in tagged(root, "state")] == ["Absent", "_1____b_", "_1____c_"]
    assert tagged(root, "transition")[0].get("event") == "is_<made>_&_done_--_really-"


def test_the_report_counts_what_is_lost():
    """Each count is that of the model, and what a model does not have is not spoken of."""
    graph = graphs_of(model("scf.function"))[0]
    told = left_out(model("scf.function"), condition="gone")
    refusals = sum(isinstance(row, Refusal) for row in graph.rows)
    assert f"{refusals} refusals with their codes: a call that no transition takes is passed over" in told
    assert any(each.startswith(f"{len(graph.policies)} policies: ") for each in told)
    assert not any("families" in each for each in told)
    assert any(each.startswith("2 families") for each in left_out(model("scf"), condition="gone"))
    assert json.loads(to_xstate(model("scf")))["meta"]["lost"][1:] == list(left_out(model("scf"), condition="gone"))[1:]
    for each in left_out(model("scf"), condition="x")[1:]:
        assert f"- {each}" in to_scxml(model("scf"))


def test_a_settled_model_loses_no_open_moves():
    """Once every policy is settled nothing is open, and the report says so by its silence."""
    graph = graphs_of(model("scf.function"))[0]
    settled = graph.with_policies(**{policy.name: policy.options[0] for policy in graph.policies})
    assert any("open moves" in each for each in left_out(graph, condition="x"))
    assert not any("open moves" in each for each in left_out(settled, condition="x"))


# ------------------------------------------------------------------------------------------------- drawings


@pytest.mark.parametrize("name", MODELS)
def test_drawings_say_what_they_leave_out(name):
    """Mermaid, PlantUML and the outline carry the report as a note."""
    shown = diagram(model(name))
    written = {"mermaid": to_mermaid(shown), "plantuml": to_plantuml(shown), "outline": to_outline(shown)}
    for form, text in written.items():
        assert text.count("Left out: ") == (1 if form == "outline" else len(lost(shown, form)))
    assert lost(shown, "dot") == (NEVER_DRAWN,)


def test_mermaid_tells_how_many_arrows_run_together():
    """Three arrows between two states are one there."""
    shown = diagram(model("scf.function"))
    pairs = [(arrow.source, arrow.target) for arrow in shown.arrows]
    together = [pair for pair in pairs if pairs.count(pair) > 1]
    assert f"{len(together)} arrows are drawn as {len(set(together))}" in lost(shown, "mermaid")[1]


@pytest.mark.parametrize("name", MODELS)
def test_the_outline_names_every_node_and_arrow(name):
    """A line for each node, one below it for each label of each arrow that leaves it; no signs in place of words."""
    shown = diagram(model(name))
    lines = to_outline(shown).splitlines()
    assert sum(line.startswith("- ") for line in lines) == len(shown.nodes)
    assert sum(line.startswith("  - ") for line in lines) == sum(max(len(arrow.labels), 1) for arrow in shown.arrows)
    assert not set("→✓✗─│") & set("".join(lines))


def test_the_outline_says_it_in_words():
    """State, kind, what it reads, who moves it, on what condition, and what is open."""
    text = to_outline(diagram(model("scf.function")))
    assert "- Absent (absent), where it begins. " in text
    assert "  - by a call: CreateFunction; to Creating\n" in text
    assert "  - by the service, hidden: create left no trace; to Absent; open, create\\_leaves\\_no\\_trace\n" in text
    assert "UpdateFunctionConfiguration; to Updating; unless a version is being published\n" in text
    assert "; if the whole function, unless a named alias exists or a version is being published\n" in text


def test_names_stay_as_they_are_in_the_outline():
    """What means something to Markdown is escaped."""
    graph = attrs.evolve(graphs_of(model("fc.account"))[0], doc="one")
    state = attrs.evolve(graph.states[0], doc="*all* of <it>")
    text = to_outline(diagram(attrs.evolve(graph, states=(state, *graph.states[1:]))))
    assert "\\*all\\* of \\<it\\>" in text
