"""What changed between two models, and whom it breaks: one change at a time, made to a model on purpose."""

import json

import attrs
import pytest

from statemodel import Kind, Source, State, Transition, TransitionGraph, inferred, service
from statemodel.cli import main
from statemodel.diff import Breaks, diff
from statemodel.registry import MODELS, model
from statemodel.show import document

SAID = inferred(Source("OWN", "made up for a test"))
FUNCTION = model("scf.function").parts[0]


def ran(capsys, *argv):
    code = main(list(argv))
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def changed(edit):
    """The changes between a small model and what an edit of its document makes of it."""
    before = document(model("scf.layer"))
    after = json.loads(json.dumps(before))
    edit(after)
    return [(change.what, change.where, tuple(map(str, change.breaks))) for change in diff(before, after)]


def hidden(source, event, target, initiator="service"):
    return {"source": source, "event": event, "initiator": initiator, "target": target, "guard": None, "effect": None,
            "modality": "must"}


def row(document_of, part, **wanted):
    return next(one for one in document_of[part] if all(one[key] == value for key, value in wanted.items()))


def drop(said, part, **wanted):
    said[part].remove(row(said, part, **wanted))


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda _said: None, []),
        (lambda said: said["states"].append({"name": "Frozen", "status": "Frozen", "kind": "failed"}),
         [("state added", "Frozen", ("waiters", "exhaustive matches", "oracles"))]),
        (lambda said: said["states"].append({"name": "Awaited", "status": "Publishing", "kind": "working"}),
         [("state added", "Awaited", ("oracles",))]),
        (lambda said: drop(said, "states", name="Deleted"), [("state removed", "Deleted", ("waiters",))]),
        (lambda said: row(said, "states", name="PublishFailed").update(kind="resting"),
         [("kind changed", "PublishFailed", ("waiters",))]),
        (lambda said: row(said, "states", name="Active").update(status="Ready"),
         [("status changed", "Active", ("waiters", "exhaustive matches", "oracles"))]),
        (lambda said: said["transitions"].append(hidden("PublishFailed", "mended", "Active")),
         [("transition added", "PublishFailed --mended--> Active", ("waiters", "oracles"))]),
        (lambda said: said["transitions"].append(hidden("Publishing", "mended", "Active")),
         [("transition added", "Publishing --mended--> Active", ("oracles",))]),
        (lambda said: said["transitions"].append(hidden("Active", "lost", "Absent", "environment")),
         [("transition added", "Active --lost--> Absent", ("oracles",))]),
        (lambda said: drop(said, "transitions", source="Publishing", target="Active"),
         [("transition removed", "Publishing --layer published--> Active", ("waiters",))]),
        (lambda said: drop(said, "transitions", source="PublishFailed", event="DeleteLayerVersion"),
         [("transition removed", "PublishFailed --DeleteLayerVersion--> Deleting", ("drivers",))]),
        (lambda said: said["transitions"].append(hidden("Absent", "DeleteLayerVersion", "Absent", "caller")),
         [("transition added", "Absent --DeleteLayerVersion--> Absent", ("oracles",))]),
        (lambda said: row(said, "transitions", source="Absent", event="PublishLayerVersion").update(guard="a quota"),
         [("guard changed", "Absent --PublishLayerVersion--> Publishing", ("drivers",))]),
        (lambda said: row(said, "transitions", source="Absent", event="PublishLayerVersion").update(modality="may"),
         [("modality changed", "Absent --PublishLayerVersion--> Publishing", ("drivers",))]),
        (lambda said: row(said, "transitions", source="Publishing", target="Active").update(effect="counts"),
         [("effect changed", "Publishing --layer published--> Active", ("oracles",))]),
        (lambda said: row(said, "refusals", state="Absent", operation="GetLayerVersion").update(codes=["Gone"]),
         [("codes changed", "GetLayerVersion in Absent", ("drivers", "exhaustive matches", "oracles"))]),
        (lambda said: row(said, "refusals", state="Absent", operation="GetLayerVersion")["codes"].append("Gone"),
         [("codes changed", "GetLayerVersion in Absent", ("exhaustive matches", "oracles"))]),
        (lambda said: row(said, "refusals", state="Absent", operation="GetLayerVersion").update(codes=None),
         [("codes changed", "GetLayerVersion in Absent", ("oracles",))]),
        (lambda said: drop(said, "refusals", state="Absent", operation="GetLayerVersion"),
         [("refusal removed", "GetLayerVersion in Absent", ())]),
        (lambda said: said["refusals"].append(
            {"state": "Active", "operation": "GetLayerVersion", "codes": ["ResourceNotFound.LayerVersion"]}),
         [("refusal added", "GetLayerVersion in Active", ("drivers", "oracles"))]),
        (lambda said: drop(said, "operations", name="ListLayerVersions"),
         [("operation removed", "ListLayerVersions", ("waiters", "drivers"))]),
        (lambda said: row(said, "operations", name="GetLayerVersion")["parameters"][0].update(required=False),
         [("required of a parameter changed", "GetLayerVersion.LayerName", ("oracles",))]),
        (lambda said: row(said, "operations", name="ListLayerVersions")["parameters"][1].update(required=True),
         [("required of a parameter changed", "ListLayerVersions.CompatibleRuntime", ("drivers", "oracles"))]),
        (lambda said: row(said, "operations", name="GetLayerVersion")["parameters"].pop(),
         [("parameter removed", "GetLayerVersion.LayerVersion", ("drivers",))]),
        (lambda said: said.update(initial="Active"), [("initial state changed", "", ("drivers", "oracles"))]),
    ],
)
def test_each_change_is_named_with_whom_it_breaks(edit, expected):
    """One edit, one change, and whom it breaks."""
    assert changed(edit) == expected


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_model_is_what_it_is(name):
    """No model differs from itself, or from what its document holds after a round trip."""
    said = document(model(name))
    assert diff(said, json.loads(json.dumps(said))) == ()


def test_an_option_chosen_takes_behaviour_away_or_closes_a_way():
    """A point that is settled breaks nobody who was told that it is open, unless a call is refused then."""
    before = document(FUNCTION)
    lenient = diff(before, document(FUNCTION.with_policies(delete_again="accepted")))
    assert [(one.what, one.breaks) for one in lenient] == [("modality changed", ())]
    strict = diff(before, document(FUNCTION.with_policies(delete_again="refused")))
    assert [(one.what, tuple(map(str, one.breaks))) for one in strict] == [("transition removed", ("drivers",))]


def test_parts_of_a_service_are_compared_each_with_its_own():
    """A part that comes or goes is named, and the others are compared by name."""
    whole = document(model("scf"))
    less = {**whole, "graphs": whole["graphs"][:3]}
    assert [(one.what, one.where) for one in diff(whole, less)] == [("part removed", "alias")]
    [added] = diff(less, whole)
    assert (added.what, added.where, added.breaks) == ("part added", "alias", (Breaks.DRIVERS, Breaks.ORACLES))


# ------------------------------------------------------------------------------------------------- the command

_DONE = service("done")
OWN = TransitionGraph(
    "own", "One thing.", (State("Busy", Kind.WORKING, "At work."), State("Idle", Kind.RESTING, "At rest.")),
    (Transition("Busy", _DONE, "Idle", evidence=SAID),), initial="Busy")
OWN_LATER = attrs.evolve(
    OWN, states=(*OWN.states, State("Broken", Kind.FAILED, "Out of order.")),
    transitions=(*OWN.transitions, Transition("Busy", service("broke"), "Broken", evidence=SAID)))


def test_the_command_compares_models_of_ones_own(capsys):
    """Two attributes of a module, with the exit code of a breaking change."""
    code, out, _ = ran(capsys, "diff", "test_diff:OWN", "test_diff:OWN_LATER")
    assert code == 1
    assert out == """\
own: state added: Broken: None → failed, shows Broken
  breaks waiters, exhaustive matches, oracles
own: transition added: Busy --broke--> Broken
  breaks waiters, oracles
2 changes, 2 of which break somebody
"""
    assert ran(capsys, "diff", "test_diff:OWN", "test_diff:OWN") == (0, "no change\n", "")


def test_the_command_compares_with_a_file(capsys, tmp_path):
    """A document written before stands for the version it was written from."""
    place = tmp_path / "before.json"
    place.write_text(json.dumps(document(OWN)), encoding="utf-8")
    code, out, _ = ran(capsys, "diff", str(place), "test_diff:OWN_LATER", "--json")
    said = json.loads(out)
    assert (code, said["contract"], said["breaking"]) == (1, 1, 2)
    assert said["breaks"] == {"waiters": 2, "drivers": 0, "exhaustive matches": 1, "oracles": 2}
    assert ran(capsys, "diff", str(place), str(place)) == (0, "no change\n", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "before.json:1: found '{', expected a model document"),
        ("[]", "before.json: found '[]', expected a model document"),
        ('{"contract": 2, "name": "x"}', "expected a model document"),
        ('{"contract": 1, "name": "x"}', "found 'a graph without name and initial'"),
        ('{"contract": 1, "name": "x", "initial": "A"}', "found 'x without states'"),
        ('{"contract": 1, "name": "x", "initial": "A", "states": [1]}', "found '1'"),
        ('{"contract": 1, "name": "x", "graphs": []}', "found 'graphs'"),
        ('{"contract": 1, "name": "x", "initial": "A", "states": [{"name": "A"}]}', """found '{"name": "A"}'"""),
    ],
)
def test_a_file_that_is_no_document(capsys, tmp_path, text, said):
    """One line says what was found and what was expected, and the code is 2."""
    place = tmp_path / "before.json"
    place.write_text(text, encoding="utf-8")
    code, out, err = ran(capsys, "diff", str(place), "scf.layer")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("scf.functoin", "scf"), "unknown model 'scf.functoin'; known: scf, scf.function"),
        (("nowhere.json", "scf"), "nowhere.json: No such file or directory"),
        (("scf",), "the following arguments are required: B"),
    ],
)
def test_bad_usage(capsys, argv, said):
    """What there is not is named."""
    code, out, err = ran(capsys, "diff", *argv)
    assert (code, out) == (2, "")
    assert said in err
