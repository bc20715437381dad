"""Drawings show what the model says, all of it, and the same way every time."""

import os
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distributions

import attrs
import pytest

from statemodel.catalogue.tencent_scf import SCF
from statemodel.drawing import picture as pictures
from statemodel.drawing.dot import identifiers, laid_out, to_dot
from statemodel.drawing.mermaid import to_mermaid
from statemodel.drawing.outline import Diagram, Modality, Node, Role, diagram, drawings, drawn, outline
from statemodel.drawing.picture import described, picture, render
from statemodel.drawing.plantuml import to_plantuml
from statemodel.drawing.table import to_table
from statemodel.errors import MissingExtraError, StateModelError
from statemodel.model.evidence import Policy, Source, documented
from statemodel.model.graph import Effect, Kind, Refusal, State, Transition, TransitionGraph, environment, service
from statemodel.model.guard import Guard
from statemodel.model.operation import Action, Operation
from statemodel.model.service import Service, alone

SOURCE = documented(Source("page", "a page of the shop", "2024-01-01"))
Make, Touch, Look = Operation("Make", Action.CALL), Operation("Touch", Action.CALL), Operation("Look", Action.READ)
touching = Policy("touch_while_making", "Is it touched while it is made?", ("accepted", "refused"))
marked = Effect("marks it", lambda view: view.own)
odd = Guard('a "quoted"; #1: <odd> {guard}', lambda view: view is not None)
LAMP = TransitionGraph(
    "shop.lamp",
    "A lamp.",
    (
        State("Absent", Kind.ABSENT, "No lamp."),
        State("Making", Kind.WORKING, "Being made.", "Busy"),
        State("Ready", Kind.RESTING, "It shines."),
    ),
    (
        Transition("Absent", Make, "Making", guard=odd, evidence=SOURCE),
        Transition("Making", service("made"), "Ready", evidence=SOURCE),
        Transition("Ready", environment("broken"), "Absent", evidence=SOURCE),
        Transition("Ready", Touch, effect=marked, evidence=SOURCE),
        Transition("Making", Touch, "Ready", under=touching["accepted"], evidence=SOURCE),
        Transition(("Absent", "Making", "Ready"), Look, evidence=SOURCE),
    ),
    (
        Refusal(("Making", "Ready"), Make, "Taken", evidence=SOURCE),
        Refusal("Absent", Make, "Odd", guard=~odd, evidence=SOURCE),
        Refusal("Absent", Touch, None, evidence=SOURCE),
        Refusal("Making", Touch, ("Busy", "Locked"), under=touching["refused"], evidence=SOURCE),
    ),
    policies=(touching,),
)
DRAWINGS = drawings(SCF)
GRAPHS = (*SCF.parts, LAMP)
WRITERS = (to_dot, to_mermaid, to_plantuml)

each_graph = pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.name)
each_diagram = pytest.mark.parametrize("name", DRAWINGS)
needs_renderer = pytest.mark.skipif(
    not any(one.name == pictures.RENDERER for one in distributions()), reason="the renderer is not installed"
)
each_writer = pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.__name__)

GOLDEN = """\
digraph "shop.lamp" {
  "Absent" [label="Absent", tooltip="No lamp.", KIND:absent]
  "Making" [label="Making\\n(reads Busy)", tooltip="Being made.", KIND:working]
  "Ready" [label=<Ready<BR/><FONT POINT-SIZE="10" COLOR="#222222">Touch / marks it<BR/></FONT>>, \
tooltip="It shines.", KIND:resting]
  "before Absent" [shape=point, width=0.12, label="", tooltip="beginning"]
  "before Absent" -> "Absent" [weight=20]
  "Absent" -> "Making" [label="  Make \\n  [a \\"quoted\\"; #1: <odd> \\n  {guard}] ", style="solid", \
color="#222222", fontcolor="#222222"]
  "Making" -> "Ready" [label="  Touch ? touch_while_making ", style="solid", color="#8250a8", fontcolor="#8250a8"]
  "Making" -> "Ready" [label="  made ", style="dashed", color="#1d5fa8", fontcolor="#1d5fa8"]
  "Ready" -> "Absent" [label="  broken ", style="dotted", color="#9a5200", penwidth="1.6", fontcolor="#9a5200"]
  "Ready" -> "Ready" [style="solid", color="#222222", fontcolor="#222222"]
}
"""


def without_styles(dot):
    """DOT text without its header and with the kind of each state in place of its looks."""
    text = re.sub(r"\n  (graph|node|edge) \[.*", "", dot)
    for kind, fill in (("absent", "#ffffff"), ("working", "#fff1c2"), ("resting", "#d8f0d8")):
        text = re.sub(rf'style="[^"]*", fillcolor="{fill}"[^]]*', f"KIND:{kind}", text)
    return text


def test_dot_of_a_tiny_graph():
    """The whole text of a drawing, but for titles and looks."""
    assert without_styles(to_dot(outline(LAMP))) == GOLDEN


def test_drawn_rows_are_hidden_moves_and_calls_that_change_something():
    """Accepted reads and refusals are left to the table."""
    assert [row.event.name for row in drawn(LAMP)] == ["Make", "made", "broken", "Touch", "Touch"]


@each_graph
def test_every_state_is_a_node(graph):
    """In the order in which the model defines them, with one beginning."""
    nodes = [node for node in outline(graph).nodes if isinstance(node.kind, Kind)]
    assert [node.id for node in nodes] == [state.name for state in graph.states]
    assert [node.id for node in nodes if node.is_initial] == [graph.initial]


@each_graph
def test_every_drawn_row_is_an_arrow_from_each_of_its_states(graph):
    """Directly, or from the node that stands for several states; nothing else is drawn."""
    picture_of = outline(graph)
    covers = {node.id: node.covers for node in picture_of.nodes}
    shown = {
        (source, None if arrow.target == arrow.source else arrow.target, name, arrow.initiator, arrow.modality)
        for arrow in picture_of.arrows
        for label in arrow.labels
        for name in label.events
        for source in covers[arrow.source]
    }
    expected = {
        (
            source,
            moved(row, source, covers),
            row.event.name,
            row.initiator,
            (Modality.MUST, Modality.MAY)[graph.is_open(row)],
        )
        for row in drawn(graph)
        for source in row.source
        if row.effect or row.target not in (None, source) or row.initiator != "caller"
    }
    assert shown == expected


def moved(row, source, covers):
    """Where an arrow leads; one that leads from several states leads to its target even from there."""
    several = any(len(names) > 1 and set(names) == set(row.source) for names in covers.values())
    return row.target if several or row.target != source else None


@each_graph
@each_writer
def test_every_label_is_written(graph, writer):
    """Every event, guard and open point of an arrow stands in the text, as the language spells it."""
    text = " ".join(plain(writer(outline(graph))).split())
    labels = [label for arrow in outline(graph).arrows for label in arrow.labels]
    assert [piece for label in labels for piece in label.pieces if piece not in text] == []


def plain(text):
    """Drawing text without escapes and line breaks."""
    text = re.sub(r"<BR/>|<br/>|\\n", " ", text).replace('\\"', '"')
    text = re.sub(r"&?#(\d+);", lambda match: chr(int(match.group(1))), text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


@each_diagram
def test_mermaid_has_one_arrow_for_a_pair(name):
    """Mermaid draws only one of several, so all labels must share it."""
    ends = re.findall(r"^ *(\w+) --> (\w+)", to_mermaid(DRAWINGS[name]), re.MULTILINE)
    assert len(ends) == len(set(ends))
    assert len(ends) == len({(arrow.source, arrow.target) for arrow in DRAWINGS[name].arrows})


@each_diagram
def test_mermaid_arrows_lead_between_defined_states_of_one_machine(name):
    """An arrow into another box is not drawn reliably."""
    machines = {}
    where = "outside"
    for line in to_mermaid(DRAWINGS[name]).splitlines():
        where = match.group(1) if (match := re.search(r" as (\w+) {$", line)) else where
        where = "outside" if line == "  }" else where
        if match := re.match(r' *state ".*" as (\w+)$', line):
            assert machines.setdefault(match.group(1), where) == where
        if match := re.match(r" *(\w+) --> (\w+)", line):
            assert machines[match.group(1)] == machines[match.group(2)] == where
    assert where == "outside"


def test_mermaid_escapes_what_means_something_to_it():
    """A label ends at a colon or semicolon, a name at a quotation mark."""
    label = "  Absent --> Making: Make<br/>[a #34;quoted#34;#59; #35;1#58; #60;odd#62;<br/>#123;guard#125;]"
    assert label in to_mermaid(outline(LAMP)).splitlines()


@pytest.mark.parametrize("name", ["end", "note", "state", "a b", "Größe", "1st"])
def test_names_that_mean_something_to_a_language_are_written_otherwise(name):
    """The name is still what people read."""
    text = to_mermaid(Diagram("odd", "odd", "Odd.", (Node(name, name, Kind.RESTING),), ()))
    found = re.search(rf'state "{name}" as ([A-Za-z0-9_]+)$', text, re.MULTILINE)
    assert found
    assert found.group(1) not in ("end", "note", "state")


def test_names_that_would_be_written_alike_are_told_apart():
    """Two states stay two."""
    nodes = (Node("a b", "a b", Kind.RESTING), Node("a_b", "a_b", Kind.FAILED))
    assert identifiers(Diagram("odd", "odd", "Odd.", nodes, ())) == {"a b": "a_b", "a_b": "a_b_"}


@each_writer
def test_open_moves_look_and_read_unlike_sure_ones(writer):
    """An open point that is settled is drawn as any other move."""
    settled = LAMP.with_policies(touch_while_making="accepted")
    open_text, settled_text = writer(outline(LAMP)), writer(outline(settled))
    assert "? touch_while_making" in plain(open_text)
    assert "touch_while_making" not in plain(settled_text)
    assert "open: may happen" in plain(open_text)
    assert "open: may happen" not in plain(settled_text)


def test_a_refused_option_is_not_drawn():
    """Only rows in force are."""
    refused = outline(LAMP.with_policies(touch_while_making="refused"))
    assert [arrow.labels[0].events for arrow in refused.arrows] == [("Make",), ("made",), ("broken",), ("Touch",)]


def test_many_sources_share_one_node():
    """Nine arrows to one state would hide the others."""
    several = [node for node in outline(SCF.parts[2]).nodes if node.kind is Role.SEVERAL]
    labels = [node.label.removeprefix("every state but Absent") for node in several]
    assert labels == ["", " and Awaited"]


def test_a_part_seen_alone_is_drawn_as_its_graph():
    """A service of one part needs no overview."""
    assert diagram(alone(LAMP)) == outline(LAMP)
    assert list(drawings(alone(LAMP))) == [LAMP.name]
    assert diagram(LAMP) == outline(LAMP)


def test_overview_shows_every_part_with_its_states():
    """A cluster for each, and one that says how they act on each other."""
    first, *others = DRAWINGS["scf"].clusters
    assert first.label == "How the parts act on each other"
    for graph, cluster in zip(SCF.parts, others, strict=True):
        assert {f"{graph.part}.{state.name}" for state in graph.states} <= set(cluster.nodes)


def test_overview_says_how_parts_act_on_each_other():
    """Calls that move several, refusals of one for another, and guards that look across."""
    across = {
        (arrow.source, str(arrow.initiator), arrow.target): {name for label in arrow.labels for name in label.events}
        for arrow in DRAWINGS["scf"].arrows
    }
    together = {frozenset(node.covers): node.label for node in DRAWINGS["scf"].nodes if node.kind is Role.SHARED}
    assert "Invoke" in across["billing", "refuses", "function"]
    assert "a named alias exists" in across["function", "asks", "alias"]
    assert "PublishVersion" in together[frozenset({"function", "version"})]


def test_overview_is_said_in_words():
    """Parts, and what moves several of them."""
    other = attrs.evolve(LAMP, name="shop.box")
    apart = diagram(Service("shop", "Lamps.", (LAMP, other)))
    assert [node.covers for node in apart.nodes if node.kind is Role.SHARED] == [("lamp", "box")]
    assert apart.alt == (
        "Overview of shop. Lamps. It has 2 parts: lamp (3 states), box (3 states). "
        "lamp and box move together by Make, Touch, hidden: made, broken."
    )


def test_alt_text_says_the_drawing_in_words():
    """States with their kinds, moves by who starts them, the beginning and the end."""
    assert outline(LAMP).alt == (
        "State diagram of shop.lamp. A lamp. It has 3 states: Absent (absent), Making (working), Ready (resting). "
        "It begins in Absent. 5 moves are drawn: 3 by the caller, 1 by the service, 1 by the environment; "
        "1 of them are open. No state is final."
    )


@each_diagram
def test_every_drawing_has_a_title_a_legend_and_a_description(name):
    """In each language that has a place for it."""
    shown = DRAWINGS[name]
    mermaid = plain(to_mermaid(shown))
    assert f"accTitle: {name}" in mermaid
    assert f"accDescr: {' '.join(shown.alt.split())}" in mermaid
    assert 'state "Legend" as legend' in mermaid
    assert f"title {name}\n" in plain(to_plantuml(shown))
    assert "legend\n" in to_plantuml(shown)
    assert f"<B>{name}</B>" in to_dot(shown)
    assert "working" in to_dot(shown).partition("\n  node")[0]


def test_lines_never_break_a_name():
    """A policy is looked up by what is read."""
    assert laid_out(("Call", "[a long one]", "? a_long_policy = yes"), 9) == (
        "Call",
        "[a long",
        "one]",
        "? a_long_policy = yes",
    )


def test_table_of_a_tiny_graph():
    """Every operation in every state, with letters for codes and numbers for conditions."""
    table = to_table(LAMP)
    assert table.startswith(
        "| operation | Absent | Making | Ready |\n"
        "| --- | --- | --- | --- |\n"
        "| Make | → Making (1)<br>✗ A (2) | ✗ B | ✗ B |\n"
        "| Touch | ✗ C | ? → Ready (3)<br>? ✗ D (4) | ✓ |\n"
        "| Look | ✓ | ✓ | ✓ |\n"
    )
    assert "\n- A: `Odd`\n- B: `Taken`\n- C: an undocumented code\n- D: `Busy`, `Locked`\n" in table
    assert table.endswith("- (4) open point touch\\_while\\_making, if refused: Is it touched while it is made?\n")


@each_graph
def test_table_has_a_cell_for_every_operation_in_every_state(graph):
    """None is empty."""
    head, _, *lines = [line for line in to_table(graph).splitlines() if line.startswith("|")]
    assert len(lines) == len(graph.operations)
    for line in (head, *lines):
        cells = line.strip("|").split(" | ")
        assert len(cells) == len(graph.states) + 1
        assert all(cell.strip() for cell in cells)


ALL_TEXT = """
import hashlib
from statemodel.catalogue.tencent_scf import SCF
from statemodel.drawing.dot import to_dot
from statemodel.drawing.mermaid import to_mermaid
from statemodel.drawing.outline import drawings
from statemodel.drawing.plantuml import to_plantuml
from statemodel.drawing.table import to_table
texts = [write(each) for each in drawings(SCF).values() for write in (to_dot, to_mermaid, to_plantuml)]
print(hashlib.sha256("".join([*texts, *map(to_table, SCF.parts)]).encode()).hexdigest())
"""


def test_the_text_is_the_same_under_every_hash_seed():
    """No set decides an order."""
    sums = {
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", ALL_TEXT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(sums) == 1


def test_svg_is_given_a_name_and_a_description():
    """Right after its opening tag; nothing else changes."""
    assert described(b'<?xml?>\n<svg width="1">\n<g/></svg>', "a & b", "Says <all>.") == (
        b'<?xml?>\n<svg width="1" role="img" aria-label="a &amp; b">\n<title>a &amp; b</title>\n'
        b"<desc>Says &lt;all&gt;.</desc>\n<g/></svg>"
    )


def absent(name):
    raise PackageNotFoundError(name)


@pytest.mark.parametrize("found", [absent, lambda _: pictures.VERSION], ids=["package", "command"])
def test_without_the_renderer_the_message_says_what_to_install(monkeypatch, found):
    """A plain install does not bring it, and no other command stands in for it."""
    monkeypatch.setattr(pictures, "version", found)
    monkeypatch.setattr(pictures.shutil, "which", lambda _, **__: None)
    with pytest.raises(MissingExtraError) as raised:
        render("digraph {}", "svg")
    assert str(raised.value) == "a picture needs an extra: pip install 'statemodel[draw]'"


def test_another_version_of_the_renderer_is_refused(monkeypatch):
    """Its bytes would differ."""
    monkeypatch.setattr(pictures, "version", lambda _: "9.9")
    with pytest.raises(StateModelError) as raised:
        render("digraph {}", "svg")
    assert str(raised.value) == "a picture needs graphviz-pure 0.2.2, and 9.9 is installed"


@needs_renderer
@each_diagram
def test_pictures_show_every_state(name):
    """As text of the SVG, described for those who cannot see it."""
    svg = picture(DRAWINGS[name], "svg").decode()
    assert picture(DRAWINGS[name], "png").startswith(b"\x89PNG")
    assert f'role="img" aria-label="{name}"' in svg
    assert f"<desc>{DRAWINGS[name].alt}</desc>" in svg
    assert svg.count('class="edge"') >= len(DRAWINGS[name].arrows)
    for node in DRAWINGS[name].nodes:
        if isinstance(node.kind, Kind):
            assert f">{node.label}</text>" in svg


@needs_renderer
def test_what_the_renderer_says_is_passed_on():
    """A text that is no DOT is the writer's fault, and named."""
    with pytest.raises(StateModelError, match=r"graphviz-pure -Tsvg ended with \d+ and said: .*syntax error"):
        render("digraph {", "svg")
