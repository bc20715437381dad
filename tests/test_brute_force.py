"""The oracle gives the verdicts of an oracle that knows nothing but the unfolded system and tries every edge."""

import json
from functools import cache
from random import Random

import attrs
import pytest
from brute import Brute

from statemodel.oracle.check import Checker, monitor
from statemodel.registry import model
from statemodel.semantics import prepare
from statemodel.unfold import Scope, document, unfold

HISTORIES = 200
MORE = 500
LONGEST = 8
TRIES = 12
STARTS = ("absent", "unknown")
PARTS = {
    "scf.function": (Scope(2),),
    "scf.version": (Scope(1), Scope(2)),
    "scf.alias": (Scope(2),),
    "scf.billing": (Scope(2),),
    "scf.layer": (Scope(2), Scope(3)),
    "scf.request": (Scope(2),),
    "scf.async_event": (Scope(2),),
    "fc.function": (Scope(2),),
    "fc.version": (Scope(1), Scope(3)),
    "fc.alias": (Scope(2),),
    "fc.invocation": (Scope(2),),
    "fc.account": (Scope(2),),
    "fc.async_task": (Scope(2),),
    "lambda.function": (Scope(2),),
    "lambda.update": (Scope(2),),
    "lambda.version": (Scope(1), Scope(3)),
    "lambda.alias": (Scope(2),),
}
WHOLE = {name: (Scope(1, (0,), is_plain=True),) for name in ("scf", "fc", "lambda")}
SCOPES = {**PARTS, **WHOLE}
CASES = [(name, start, environment) for name in PARTS for start in STARTS for environment in ("open", "recorded")]
EXCLUDE_NOTHING = ("scf.billing", "fc.account")
ENOUGH = 15
BEGUN = {"scf": 60, "fc": 100, "lambda": 100}
"""Histories of whole services whose beginning nobody has seen: a tenth of a second or so each."""
BEYOND = ("alias", "live", "publish", '"1"')
"""What histories speak of in which aliases and versions nobody unfolds may have a hand: a second version of an alias,
another alias, a version 2."""


LATER = "an alias that nobody has touched is not bound to a version that came since"
DANGLES = "an alias stays bound to a version that was deleted"
KNOWN = [
    pytest.param("scf", (
        ("PublishVersion", {}, {"result": {"FunctionVersion": "1"}}),
        ("GetAlias", {"Name": "live"}, {"result": {"FunctionVersion": "1"}}),
    ), False, id=f"scf: {LATER}"),
    pytest.param("fc", (
        ("publishFunctionVersion", {}, {"result": {"versionId": "1"}}),
        ("getAlias", {"aliasName": "live"}, {"result": {"versionId": "1"}}),
    ), False, id=f"fc: {LATER}"),
    pytest.param("fc", (
        ("deleteFunctionVersion", {"versionId": "1"}, {"result": {}}),
        ("getAlias", {"aliasName": "live"}, {"result": {"versionId": "1"}}),
    ), True, id=f"fc: {DANGLES}"),
    pytest.param("scf", (
        ("GetFunction", {}, {"result": {"Status": "Updating"}}),
        ("ListAliases", {}, {"result": {"Aliases": []}}),
    ), False, id="scf: $DEFAULT is there with its function"),
    pytest.param("scf", (
        ("GetFunction", {}, {"result": {"Status": "PublishFailed"}}),
        ("PublishVersion", {}, {"result": {"FunctionVersion": "1"}}),
    ), False, id="scf: a number was given out before a publication failed"),
    pytest.param("lambda.version", (
        ("DeleteFunction", {"Qualifier": "1"}, {"result": {}}),
        ("CreateFunction", {"content": "a", "Publish": True}, {"result": {"Version": "1"}}),
    ), True, id="lambda.version: a deletion that is accepted of a number never given out gives none out"),
]


@attrs.frozen
class Compared:
    """What became of the histories of one model.

    Attributes:
        right, wrong: how many conform and violate by brute force.
        alarms: minimal histories that conform, and the oracle says they violate.
        misses: minimal histories that violate, and the oracle says they conform.
    """

    right: int
    wrong: int
    alarms: tuple[str, ...]
    misses: tuple[str, ...]


class Judges:
    """Both oracles for one model and start.

    An unfolding ends at a number of versions, so that a history may only be impossible for want of numbers. What
    brute force calls impossible is therefore tried again in a wider scope, and histories that publish more versions
    than even that has room for are left out.
    """

    def __init__(self, name, start, environment, watched, settled):
        self.start = start
        self.watching = monitor(watched or model(name), start=start, environment=environment)
        self.source = unfolded(model(name), SCOPES[name][0], environment)
        self.brutes = [unfolded(settled or model(name), scope, environment) for scope in SCOPES[name]]
        self.room = SCOPES[name][-1].versions - SCOPES[name][0].versions if len(SCOPES[name]) > 1 else LONGEST

    def by_force(self, records):
        """Whether brute force says that the records conform."""
        return any(brute.conforms(records, self.start) for brute in self.brutes)

    def by_belief(self, records):
        """Whether the oracle does."""
        checker = Checker(self.watching)
        for line, record in enumerate(records, 1):
            checker.follow("records", line, record)
        return all(track.node is not None for track in checker.tracks.values())

    def disagree(self, records):
        """Whether the two do not agree."""
        return bool(records) and self.by_force(records) is not self.by_belief(records)

    def history(self, random):
        """A history that can have happened or, half of the time, one that cannot, if such a one is soon found."""
        wants_wrong = random.random() < 0.5
        for _ in range(TRIES):
            records = self.source.history(random, self.start, random.randint(1, LONGEST))
            has_room = sum(map(publishes, records)) <= self.room
            if records and has_room and self.brutes[0].conforms(records, self.start) is not wants_wrong:
                return records
        return []

    def shrunk(self, records):
        """A history without records that the disagreement does not need, as text."""
        place = 0
        while place < len(records):
            fewer = records[:place] + records[place + 1 :]
            if self.disagree(fewer):
                records, place = fewer, 0
            else:
                place += 1
        return "\n".join(json.dumps({**one, "resource": "r"}) for one in records)


def publishes(record):
    is_asked = record["op"].lower().startswith("publish") or record["args"].get("Publish") in ("TRUE", True)
    return is_asked and "result" in record


@cache
def unfolded(part, scope, environment):
    whole = document(unfold(prepare(part), scope))
    still = [edge for edge in whole["edges"] if environment == "open" or edge["initiator"] != "environment"]
    return Brute({**whole, "edges": still})


@cache
def compared(name, start, environment="open", count=HISTORIES, *, watched=None, settled=None):
    """What becomes of some histories of a model; for proof, one of the oracles may be given another model."""
    judges, random = Judges(name, start, environment, watched, settled), Random(f"{name} {start}")  # noqa: S311
    found = {(expected, actual): [] for expected in (True, False) for actual in (True, False)}
    for _ in range(count):
        records = judges.history(random)
        if records:
            found[judges.by_force(records), judges.by_belief(records)].append(records)
    alarms, misses = (tuple(dict.fromkeys(map(judges.shrunk, found[kind]))) for kind in ((True, False), (False, True)))
    return Compared(
        sum(len(found[True, actual]) for actual in (True, False)),
        sum(len(found[False, actual]) for actual in (True, False)), alarms, misses,
    )


@pytest.mark.parametrize(("name", "start", "environment"), CASES)
def test_what_can_have_happened_raises_no_alarm(name, start, environment):
    """A history of a part that some run of its unfolding explains conforms."""
    assert compared(name, start, environment).alarms == ()


@pytest.mark.parametrize(("name", "start", "environment"), CASES)
def test_what_cannot_have_happened_is_not_missed(name, start, environment):
    """A history of a part that no run of its unfolding explains violates."""
    assert compared(name, start, environment).misses == ()


@pytest.mark.parametrize("name", WHOLE)
def test_whole_service_from_its_beginning_raises_no_alarm(name):
    """A history of a whole service that some run explains conforms."""
    assert compared(name, "absent").alarms == ()


@pytest.mark.parametrize("name", WHOLE)
def test_whole_service_from_its_beginning_misses_nothing(name):
    """A history of a whole service that no run explains violates."""
    assert compared(name, "absent").misses == ()


@pytest.mark.parametrize("name", WHOLE)
def test_whole_service_begun_before_raises_no_alarm(name):
    """A history of a whole service in mid-life that some run explains conforms."""
    assert compared(name, "unknown", count=BEGUN[name]).alarms == ()


@pytest.mark.parametrize("name", WHOLE)
def test_whole_service_begun_before_misses_nothing(name):
    """A history of a whole service in mid-life that no run explains violates.

    Not where aliases or versions that are not unfolded would explain it: the oracle reckons with any number of them.
    """
    misses = compared(name, "unknown", count=BEGUN[name]).misses
    assert [one for one in misses if not any(word in one.lower() for word in BEYOND)] == []


@pytest.mark.parametrize(("name", "records", "expected"), KNOWN)
def test_what_nobody_saw_keeps_to_what_was_seen(name, records, expected):
    """What stands beside a function, and what data may name, is known from an unknown start too; brute force agrees."""
    history = [{"resource": "r", "op": op, "args": args, **answer} for op, args, answer in records]
    judges = Judges(name, "unknown", "open", None, None)
    assert (judges.by_force(history), judges.by_belief(history)) == (expected, expected)


@pytest.mark.parametrize("name", [name for name in SCOPES if name not in EXCLUDE_NOTHING])
def test_histories_are_of_both_kinds(name):
    """Enough histories can and cannot have happened, so that agreement says something."""
    one = compared(name, "absent")
    assert min(one.right, one.wrong) >= ENOUGH


@pytest.mark.parametrize("name", EXCLUDE_NOTHING)
def test_some_parts_alone_exclude_nothing(name):
    """The account may change at any moment and what other parts refuse is open, so that every history conforms."""
    assert [compared(name, start).wrong for start in STARTS] == [0, 0]


NARROWER = [
    ("scf.layer", "layer_deleted_readable", "not found"),
    ("scf.request", "outside_default_window", "listed"),
    ("scf.async_event", "graceful_end_aborted", "no"),
    ("fc.async_task", "stop_again", "refused"),
]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize(("name", "policy", "option"), NARROWER)
def test_an_oracle_that_allows_less_is_found_out(name, start, policy, option):
    """One for a model in which an open point is settled raises false alarms."""
    narrower = model(name).with_policies(**{policy: option})
    assert compared(name, start, count=MORE, watched=narrower).alarms != ()


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize(("name", "policy", "option"), NARROWER)
def test_an_oracle_that_allows_more_is_found_out(name, start, policy, option):
    """One for a model in which a point is open misses what cannot have happened where it is settled."""
    narrower = model(name).with_policies(**{policy: option})
    assert compared(name, start, count=MORE, settled=narrower).misses != ()
