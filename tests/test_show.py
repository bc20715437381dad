"""The model document and the pages for people: every model of the registry."""

import json
import re

import pytest

from statemodel import page
from statemodel.catalogue import SCF
from statemodel.model.cells import cell
from statemodel.model.graph import Refusal, Transition
from statemodel.model.service import as_service
from statemodel.registry import MODELS, model
from statemodel.show import Shares, document, graphs_of, is_composed, shares_of, total_shares

TRANSITION = {"source", "event", "initiator", "target", "guard", "effect", "modality", "confidence", "sources"}
REFUSAL = {"state", "operation", "guard", "codes", "modality", "confidence", "sources"}
CONFIDENCES = {"documented", "observed", "client code", "inferred"}
SINGLE = [name for name, each in MODELS.items() if not is_composed(each)]
COMPOSED = [name for name, each in MODELS.items() if is_composed(each)]


def graph_documents():
    for name in MODELS:
        shown = document(model(name))
        yield from shown.get("graphs", [shown])


@pytest.mark.parametrize("name", MODELS)
def test_document_is_json_and_deterministic(name):
    """What is written can be read again, and is the same each time."""
    first = json.dumps(document(model(name)))
    assert first == json.dumps(document(model(name)))
    assert json.loads(first) == document(model(name))


@pytest.mark.parametrize("name", SINGLE)
def test_document_of_a_graph_has_the_keys_of_the_contract(name):
    """A part seen alone is the document of its graph."""
    shown = document(model(name))
    assert shown["contract"] == 1
    assert shown["name"] == name
    assert {"version", "states", "transitions", "refusals", "operations", "policies", "shares"} <= set(shown)


@pytest.mark.parametrize("name", COMPOSED)
def test_document_of_a_service_has_its_parts(name):
    """A composed service has the documents of its parts, its operations, invariants and policies."""
    shown = document(model(name))
    assert shown["contract"] == 1
    assert [part["name"] for part in shown["graphs"]] == [graph.name for graph in as_service(model(name)).parts]
    assert {"version", "operations", "invariants", "policies", "shares"} <= set(shown)


def test_states_show_status_and_kind():
    """An absent resource is the state Absent with no status."""
    for shown in graph_documents():
        for state in shown["states"]:
            assert {"name", "status", "kind", "doc"} <= set(state)
            assert state["kind"] in {"absent", "working", "resting", "failed"}
            assert state["name"] != "Absent" or state["status"] is None


def test_rows_are_spread_over_their_states():
    """There is one entry for each source state of each row in force."""
    for name in SINGLE:
        graph, shown = graphs_of(model(name))[0], document(model(name))
        rows = [(row, state) for row in graph.rows for state in row.source]
        assert len(shown["transitions"]) == sum(isinstance(row, Transition) for row, _ in rows)
        assert len(shown["refusals"]) == sum(isinstance(row, Refusal) for row, _ in rows)


def test_rows_have_the_keys_of_the_contract():
    """Modality, confidence and sources are said of every row; every may names what it comes from."""
    for shown in graph_documents():
        names = {state["name"] for state in shown["states"]}
        for row in (*shown["transitions"], *shown["refusals"]):
            wanted = TRANSITION if "event" in row else REFUSAL
            assert wanted <= set(row)
            assert row["confidence"] in CONFIDENCES
            assert row["sources"]
            assert row["modality"] == "must" or row.get("policy") or row.get("missing")
            assert {row.get("source", row.get("state")), row.get("target", row.get("state"))} <= names


def test_a_row_of_the_contract():
    """The first row of the contract's example, as it is shown."""
    shown = document(model("scf.function"))
    row = next(each for each in shown["transitions"] if each["event"] == "create succeeded")
    assert {key: row[key] for key in ("source", "event", "initiator", "target", "guard", "effect", "modality")} == {
        "source": "Creating", "event": "create succeeded", "initiator": "service", "target": "Active",
        "guard": None, "effect": None, "modality": "must",
    }
    assert row["confidence"] == "documented"


def test_a_guard_that_looks_at_a_missing_part_is_may():
    """What is must in the service is may where the part that the guard looks at is not seen."""
    def modality(shown):
        return next(
            (row["modality"], row.get("missing")) for row in shown["transitions"]
            if row["event"] == "UpdateFunctionCode" and row["source"] == "Active"
            and row["guard"] == "not a version is being published")

    assert modality(document(model("scf"))["graphs"][0]) == ("must", None)
    assert modality(document(model("scf.function"))) == ("may", ["version"])


def test_reads_tell_what_they_show():
    """A read shows by state the values of its fields, or the codes that refuse it."""
    shown = document(model("scf.function"))
    reads = {each["name"]: each for each in shown["operations"] if each["kind"] == "read"}
    assert reads["GetFunction"]["shows"]["Creating"] == {"result": {"Status": ["Creating"]}}
    assert reads["GetFunction"]["shows"]["HalfDeleted"] == {"error": ["ResourceNotFound.Version"]}
    assert reads["ListFunctions"]["shows"]["Absent"] == {"result": {"Functions": {"listed": False}}}
    active = {"Functions": {"listed": True, "Status": ["Active"]}}
    assert reads["ListFunctions"]["shows"]["Active"] == {"result": active}


def test_reads_of_a_service_tell_by_part():
    """What a read shows of a composed service is told part by part."""
    operations = document(SCF)["operations"]
    shows = next(each for each in operations if each["name"] == "GetFunction")["shows"]
    assert shows["billing"]["Restoring"] == {"result": {"AvailableStatus": ["InsufficientBalance"]}}
    assert shows["version"]["PublishFailed"]["result"] == {"Status": ["PublishFailed"]}


def test_reads_show_only_values_that_their_fields_know():
    """The unseen is left out, never made up."""
    for name in SINGLE:
        graph = graphs_of(model(name))[0]
        known = {(each.name, field.name): field.known for each in graph.operations for field in each.fields}
        for operation in document(model(name))["operations"]:
            for told in operation.get("shows", {}).values():
                for field, values in told.get("result", {}).items():
                    if isinstance(values, list):
                        assert set(values) <= set(known[operation["name"], field])


def test_parameters_tell_their_limits():
    """A parameter says whether it is required, its default, its values and its limits."""
    shown = document(model("scf.function"))
    for operation in shown["operations"]:
        assert operation["kind"] in {"call", "read"}
        for parameter in operation["parameters"]:
            assert {"name", "required", "default", "values", "limits"} <= set(parameter)
    qualifier = next(
        parameter for each in shown["operations"] if each["name"] == "GetFunction"
        for parameter in each["parameters"] if parameter["name"] == "Qualifier")
    assert (qualifier["required"], qualifier["default"]) == (False, "$LATEST")


@pytest.mark.parametrize("name", MODELS)
def test_shares_count_every_cell_once(name):
    """Must, may and open cells are operations by states; those of a service are the sum of its parts'."""
    cells = sum(len(graph.operations) * len(graph.states) for graph in graphs_of(model(name)))
    shares = total_shares(model(name))
    assert shares.must + shares.may + shares.open == cells
    assert document(model(name))["shares"] == shares.document()


def test_a_cell_is_must_exactly_if_all_its_rows_are():
    """Counted the slow way, from the rows of the document."""
    for name in SINGLE:
        shown, graph = document(model(name)), graphs_of(model(name))[0]
        rows = [(row.get("source", row.get("state")), row.get("event", row.get("operation")), row["modality"])
                for row in (*shown["transitions"], *shown["refusals"])]
        unsure = {(state, event) for state, event, modality in rows if modality == "may"}
        cells = {(state.name, each.name) for state in graph.states for each in graph.operations}
        assert shown["shares"]["must"] == len(cells - unsure)


def test_an_open_cell_can_go_either_way():
    """A settled policy turns open cells into must cells."""
    graph = graphs_of(model("scf.function"))[0]
    settled = graph.with_policies(**{policy.name: policy.options[0] for policy in graph.policies})
    present = tuple(each.part for each in SCF.parts)
    assert shares_of(settled, present).open == 0
    assert shares_of(graph, present).open > 0
    assert cell(settled, "Creating", "DeleteFunction")


def test_shares_in_words():
    """Numbers with percentages."""
    assert Shares(3, 0, 1).text() == "4 cells: must 3 (75%), may 0 (0%), open 1 (25%)"
    assert Shares().text() == "no cells"


@pytest.mark.parametrize("name", MODELS)
def test_text_is_narrow(name):
    """No line is longer than 100 columns, but for an address that cannot be broken."""
    shown = page.text(model(name))
    assert [line for line in shown.splitlines() if len(line) > page.WIDTH and "/" not in line.split()[0]] == []
    assert all(line == line.rstrip() for line in shown.splitlines())
    assert shown.endswith("\n")


@pytest.mark.parametrize("name", MODELS)
def test_pages_name_everything(name):
    """States, operations, policies with their questions, and sources stand in both pages."""
    text, markdown = page.text(model(name)), page.markdown(model(name)).replace("\\", "")
    flat = " ".join(text.split())
    for graph in graphs_of(model(name)):
        wanted = [state.name for state in graph.states] + [operation.name for operation in graph.operations]
        wanted += [" ".join(policy.question.split()) for policy in graph.policies]
        wanted += [source.key for row in graph.rows for each in row.evidence for source in each.sources]
        assert [each for each in wanted if each not in flat] == []
        assert [each for each in wanted if each not in markdown] == []
        assert shares_of(graph, tuple(each.part for each in graphs_of(model(name)))).text() in flat


def test_table_of_operations():
    """One row of the table in both pages: accepted, refused, or open."""
    text, markdown = page.text(SCF.parts[1]), page.markdown(SCF.parts[1])
    assert "  CopyFunction yes ? ? ? ? ?\n" in re.sub(" +", " ", text).replace("\n ", "\n  ")
    assert re.search(r"^\| Invoke \| ✓ \| ✗ (\w) \| ✗ \1 \| ✗ \w \| ✗ (\w) \| ✗ \2 \|$", markdown, re.MULTILINE)


def test_every_may_on_a_page_names_what_it_comes_from():
    """A may row is followed by its policy or by the part that is not seen."""
    for name in SINGLE:
        lines = [line.strip() for line in page.text(model(name)).splitlines() if line.strip().startswith("may:")]
        assert all("policy " in line or "not seen from here: " in line for line in lines)
