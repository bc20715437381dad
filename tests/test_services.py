"""Services written from the facts alone agree with the models, and each fault planted in one is seen."""

import sys
from collections import Counter
from pathlib import Path
from random import Random

import fc_faults
import pytest
import scf_faults
from driving import FC, SCF, Driver, drive_fc, drive_scf
from fc_service import Fc
from scf_service import Scf

from statemodel.oracle.check import judge
from statemodel.oracle.verdict import Outcome
from statemodel.registry import model
from statemodel.testing.adapter import Link, open_link
from statemodel.testing.child import ChildAdapter

FAULTS = Path(__file__).parent / "faults"
SERVICES = {
    "scf": (Scf, scf_faults, drive_scf, SCF, ("default/f", "default/g", "other/f", "other/g")),
    "fc": (Fc, fc_faults, drive_fc, FC, ("f", "g")),
}
PLANTED = [(name, fault) for name, (_, faults, *_) in SERVICES.items() for fault in faults.FAULTS]
SEEDS = 48


def some_options(service, seed):
    """Options of a service, the same for the same seed; those of the first are as they come."""
    random = Random(seed)  # noqa: S311
    made = {
        "lag": random.choice((0, 3, 10, 25)),
        "unit": random.choice(("seconds", "calls")),
        "order": random.choice(("first", "last")),
        "spelling": random.choice(("first", "last")),
        "luck": random.choice((None, seed)),
        "choices": {point: random.choice(some) for point, some in service.CHOICES.items()},
    }
    return made if seed else {}


def judged(name, records):
    """Verdicts on histories of functions that nobody touched before."""
    return judge(model(name), records, start="absent", environment="recorded").verdicts


def told(verdicts, records):
    """What is wrong with some histories, with the records that led there."""
    return [
        (
            one.record,
            one.expected,
            one.belief,
            [each for each in records[: one.line] if each["resource"] == one.resource],
        )
        for one in verdicts
        if one.outcome is Outcome.VIOLATES
    ]


# ------------------------------------------------------------------------------------------------- right ones


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("name", SERVICES)
def test_a_right_service_conforms(name, seed):
    """Whatever it is asked, and however it settles open points, a service written from the facts does nothing else."""
    service, _, drive, *_ = SERVICES[name]
    records = drive(service(**some_options(service, seed)), seed, 50)
    verdicts = judged(name, records)
    assert told(verdicts, records) == []
    assert {one.code for one in verdicts if one.outcome is Outcome.INCONCLUSIVE} <= {"SM104"}


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_asked_is_worth_it(name):
    """Taken together the calls are accepted and refused by every operation, and every status is seen."""
    service, _, drive, *_ = SERVICES[name]
    seen, shown = Counter(), set()
    for seed in range(SEEDS):
        for record in drive(service(**some_options(service, seed)), seed, 50):
            if "op" in record:
                seen[record["op"], "error" in record] += 1
                result = record.get("result") or {}
                shown |= {result.get("Status"), result.get("state"), result.get("lastUpdateStatus")}
    assert sorted(op for op in service.OPERATIONS for side in (True, False) if not seen[op, side]) == []
    fields = [field for one in model(name).operations for field in one.fields if field.known]
    statuses = {
        value for field in fields if field.name in ("Status", "state", "lastUpdateStatus") for value in field.known
    }
    assert statuses - shown == set()


def test_options_are_known():
    """A misspelt choice of an open point is refused."""
    with pytest.raises(ValueError, match="delete_while_creating=maybe: known are refused, accepted"):
        Scf(choices={"delete_while_creating": "maybe"})


def test_the_same_seed_gives_the_same_history():
    """Histories do not depend on anything but their seed."""
    for service, _, drive, *_ in SERVICES.values():
        first, second = (drive(service(**some_options(service, 5)), 5, 40) for _ in range(2))
        assert first == second


def test_states_are_told_apart():
    """Fingerprints are equal after a reset and differ after a change."""
    for name, (service, faults, *_) in SERVICES.items():
        link = Link(service(), [one.name for one in model(name).operations])
        begin = link.fingerprint()
        link.call(*faults.MADE[0])
        assert link.fingerprint() != begin
        link.reset()
        assert link.fingerprint() == begin


# ------------------------------------------------------------------------------------------------- over lines


class Remote(ChildAdapter):
    """The service of SCF in a process of its own, as what drives it wants to see it."""

    OPERATIONS, OUTCOMES = Scf.OPERATIONS, Scf.OUTCOMES


def command(name, *more):
    """A service as a command."""
    return " ".join((sys.executable, str(FAULTS / f"{name}_service.py"), *more))


@pytest.mark.parametrize("seed", range(3))
def test_lines_carry_everything(seed):
    """In a process of its own the service writes the same history."""
    options = some_options(Scf, seed) or {"lag": 10, "choices": {}}
    more = [f"--{key}={value}" for key, value in options.items() if key != "choices" and value is not None]
    more += [f"--choice='{point}={option}'" for point, option in options["choices"].items()]
    remote = Remote(command("scf", *more), "scf")
    try:
        assert remote.abilities == Scf(**options).abilities
        assert drive_scf(remote, seed, 60) == drive_scf(Scf(**options), seed, 60)
    finally:
        remote.close()


def test_abilities_can_be_left_out():
    """A service may offer less, and then neither takes nor shows content."""
    operations = [one.name for one in model("fc").operations]
    less = command("fc", "--without=content", "--without=getAlias", "--unit=calls", "--lag=1")
    with open_link(lambda: ChildAdapter(less, "fc"), operations) as link:
        assert set(operations) - link.abilities == {"getAlias"}
        assert {"clock", "content"} & link.abilities == set()
        link.call("createFunction", {"functionName": "f", "runtime": "python3.12", "handler": "h"})
        assert link.call("invokeFunction", {"functionName": "f"}).result == {}


def test_a_fault_is_chosen_by_name():
    """The command line plants the same fault."""
    script = scf_faults.FAULTS["latest-is-deleted"].script
    remote = Remote(command("scf", "--fault=latest-is-deleted"), "scf")
    try:
        [verdict] = judged("scf", Driver(remote, SCF, ("default/f",)).play(script))
    finally:
        remote.close()
    assert verdict.outcome is Outcome.VIOLATES


# ------------------------------------------------------------------------------------------------- wrong ones


def played(name, service, script):
    """The verdicts that are not on the right side, with the last record of the script's history."""
    *_, identity, resources = SERVICES[name]
    records = Driver(service, identity, resources).play(script)
    return [(one.outcome, one.line == len(records)) for one in judged(name, records) if one.outcome != Outcome.CONFORMS]


@pytest.mark.parametrize(("name", "fault"), PLANTED)
def test_a_planted_fault_is_seen(name, fault):
    """The script of a fault ends where it is seen and shows nothing of a right service; one of patience never shows."""
    right, faults, *_ = SERVICES[name]
    wrong = faults.FAULTS[fault]
    assert played(name, right(), wrong.script) == []
    assert played(name, wrong(), wrong.script) == ([] if fault in faults.STUCK else [(Outcome.VIOLATES, True)])


def test_there_are_faults_enough():
    """Each has a word about it, and differs from every other."""
    assert Counter(name for name, _ in PLANTED) == {"scf": 31, "fc": 17}
    docs = [one.__doc__ for _, faults, *_ in SERVICES.values() for one in faults.FAULTS.values()]
    assert all(docs)
