"""What every row of the catalogue claims, how surely and by whom: compared with what was written down before.

A fact that is sourced must not decay into one that may be by accident. Where a change is meant, write it down anew:

    python tests/test_modalities.py

and let the difference of tests/golden/modalities.json be part of the change.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from statemodel.catalogue import ASYNC_EVENT, ASYNC_TASK, FC, LAMBDA, LAYER, REQUEST, SCF
from statemodel.catalogue.alibaba_fc.operations import GetFunction
from statemodel.catalogue.aws_lambda.operations import GetFunctionConfiguration
from statemodel.model.graph import Numbered, Transition
from statemodel.semantics import Accepted, answers, call, initial, prepare

GOLDEN = Path(__file__).parent / "golden" / "modalities.json"
GRAPHS = (*SCF.parts, LAYER, REQUEST, ASYNC_EVENT, *FC.parts, ASYNC_TASK, *LAMBDA.parts)
AGAIN = "if it is meant, run: python tests/test_modalities.py"
# Policies that no row names: a field reads the option, and the test below shows that it does.
READ_BY_A_FIELD = {"update_status_while_pending": "lastUpdateStatus of getFunction",
                   "version_update_status": "LastUpdateStatus of GetFunctionConfiguration"}


def modality(graph, row):
    """What a row claims as the graph stands: must, may, or nothing while another option is the default."""
    if row not in graph.rows:
        return "not in force"
    return "may" if graph.is_open(row) else "must"


def written(graph):
    """A graph as the golden file has it: a line for each row, in the order of the graph."""
    return [
        {
            "row": str(row), "modality": modality(graph, row), "confidence": str(row.evidence[0].confidence),
            "sources": [source.key for one in row.evidence for source in one.sources],
        }
        for row in (*graph.transitions, *graph.refusals)
    ]


def catalogue():
    return {graph.name: written(graph) for graph in GRAPHS}


def text(found):
    """The golden file: one row a line, so that a difference can be read."""
    graphs = (
        f"{json.dumps(name)}: [\n" + ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows) + "\n]"
        for name, rows in found.items()
    )
    return "{\n" + ",\n".join(graphs) + "\n}\n"


def differences(before, after):
    """In words, what the catalogue claims otherwise than before; decayed facts first."""
    decayed, others = [], []
    for name in dict.fromkeys((*before, *after)):
        old = {row["row"]: row for row in before.get(name, ())}
        new = {row["row"]: row for row in after.get(name, ())}
        for said, row in old.items():
            found = new.get(said)
            if found is None:
                others.append(f"{name}: {said!r} ({_told(row)}) is gone")
            elif found["modality"] != row["modality"]:
                place = decayed if row["modality"] == "must" else others
                place.append(f"{name}: {said!r} was {_told(row)}, is {_told(found)}")
            elif found != row:
                others.append(f"{name}: {said!r} was {_told(row)}, is {_told(found)}")
        others.extend(f"{name}: {said!r} ({_told(row)}) is new" for said, row in new.items() if said not in old)
    return decayed + others


def _told(row):
    return f"{row['modality']}, {row['confidence']}, {' '.join(row['sources'])}"


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.name)
def test_nothing_is_claimed_otherwise_than_before(graph):
    """The message lists each row that changed, those first that were sure and are not any more."""
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    changed = differences({graph.name: golden.get(graph.name, [])}, {graph.name: written(graph)})
    assert not changed, "\n".join([*changed, AGAIN])


def test_the_golden_file_is_written_by_this_one():
    """All graphs, in order, and not a byte else."""
    assert GOLDEN.read_text(encoding="utf-8") == text(catalogue()), AGAIN


ROW = {"row": "Active --x--> Gone", "modality": "must", "confidence": "documented", "sources": ["PAGE", "SDK"]}
UNSURE = {**ROW, "row": "Active --x--> Gone under x = yes", "modality": "may", "confidence": "inferred"}


@pytest.mark.parametrize(("after", "expected"), [
    ([ROW, UNSURE], []),
    ([UNSURE, {**ROW, "modality": "may"}],
     ["g: 'Active --x--> Gone' was must, documented, PAGE SDK, is may, documented, PAGE SDK"]),
    ([ROW, {**UNSURE, "modality": "not in force"}],
     ["g: 'Active --x--> Gone under x = yes' was may, inferred, PAGE SDK, is not in force, inferred, PAGE SDK"]),
    ([{**ROW, "sources": ["PAGE"]}, UNSURE],
     ["g: 'Active --x--> Gone' was must, documented, PAGE SDK, is must, documented, PAGE"]),
    ([{**ROW, "confidence": "inferred"}, UNSURE],
     ["g: 'Active --x--> Gone' was must, documented, PAGE SDK, is must, inferred, PAGE SDK"]),
    ([ROW], ["g: 'Active --x--> Gone under x = yes' (may, inferred, PAGE SDK) is gone"]),
    ([ROW, UNSURE, {**ROW, "row": "more"}], ["g: 'more' (must, documented, PAGE SDK) is new"]),
    ([{**UNSURE, "sources": []}, {**ROW, "modality": "may"}],
     ["g: 'Active --x--> Gone' was must, documented, PAGE SDK, is may, documented, PAGE SDK",
      "g: 'Active --x--> Gone under x = yes' was may, inferred, PAGE SDK, is may, inferred, "]),
])
def test_a_difference_is_told(after, expected):
    """Each kind of change is caught, and what is the same is let pass."""
    assert differences({"g": [ROW, UNSURE]}, {"g": after}) == expected


# --------------------------------------------------------------------------------------- rows and policies


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.name)
def test_rows_are_told_apart_by_their_words(graph):
    """Else the golden file could not tell which of two rows changed."""
    said = Counter(str(row) for row in (*graph.transitions, *graph.refusals))
    assert [words for words, times in said.items() if times > 1] == []


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.name)
def test_what_may_be_names_an_open_question(graph):
    """A row that may happen only hangs on a policy with a question, two options or more, and evidence."""
    policies = {policy.name: policy for policy in graph.policies}
    for row in (row for row in graph.rows if graph.is_open(row)):
        policy = policies[row.under.policy]
        assert row.under.option in policy.options, row
        assert len(set(policy.options)) == len(policy.options) > 1, row
        assert policy.question.endswith("?"), row
        assert any(one.sources for one in policy.evidence), row


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.name)
def test_every_claim_has_sources(graph):
    """All evidence of a row names sources, and each source a place where it can be read."""
    for row in (*graph.transitions, *graph.refusals):
        assert all(one.sources for one in row.evidence), row
        assert all(source.key and source.place for one in row.evidence for source in one.sources), row


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.name)
def test_every_policy_decides_something(graph):
    """A row names it, with an option that it has, or a numbering hangs on it, or a field reads it."""
    numbering = (graph.many.survives, graph.many.spared) if isinstance(graph.many, Numbered) else ()
    for policy in graph.policies:
        if policy in numbering or policy.name in READ_BY_A_FIELD:
            continue
        named = {row.under.option for row in (*graph.transitions, *graph.refusals)
                 if row.under and row.under.policy == policy.name}
        assert named, f"{policy.name} decides nothing"
        assert named <= set(policy.options), policy.name


READ = {
    "update_status_while_pending": (FC, ("createFunction", {"content": 0, "runtime": "custom-container"}),
                                    (GetFunction, {}), "lastUpdateStatus"),
    "version_update_status": (LAMBDA, ("CreateFunction", {"content": 0, "Publish": True}),
                              (GetFunctionConfiguration, {"Qualifier": "1"}), "LastUpdateStatus"),
}


@pytest.mark.parametrize("name", READ)
def test_a_policy_without_rows_is_read_by_a_field(name):
    """Each option shows another value of the field while what was created is pending, and open shows both."""
    service, (operation, args), (reading, which), field = READ[name]

    def shown(option):
        system = prepare(service.with_policies(**{name: option}))
        created = call(system.operations[operation], args)
        pending = next(step.after for step in answers(system, initial(system), created)
                       if isinstance(step.answer, Accepted))
        read = answers(system, pending, call(reading, which))
        return [value for step in read for value in step.answer.shows(field)]

    assert READ_BY_A_FIELD.keys() == READ.keys()
    assert {option: shown(option) for option in ("absent", "Successful", "open")} == {
        "absent": [None], "Successful": ["Successful"], "open": [None, "Successful"],
    }


def test_rows_of_all_kinds_are_written_down():
    """The file is no empty one: there are sure rows and open ones, accepted and refused."""
    found = Counter(
        (modality(graph, row), isinstance(row, Transition))
        for graph in GRAPHS
        for row in (*graph.transitions, *graph.refusals)
    )
    assert all(found[sure, accepted] > 50 for sure in ("must", "may") for accepted in (True, False))


if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(text(catalogue()), encoding="utf-8")
