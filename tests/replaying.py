"""What a proof shows, told again with the semantics alone: every record must be a real step."""

import attrs

from statemodel.configuration import words
from statemodel.look import Happening, Look
from statemodel.model.operation import Subject
from statemodel.model.service import Claim
from statemodel.semantics import Accepted, answers, call, hidden, initial, prepare


@attrs.frozen
class Run:
    """One way to tell a proof again: the configurations passed, and what happened last."""

    configurations: tuple
    last: Happening | None = None


def seen_for(service, invariant):
    """The system on which an invariant of a service is proved."""
    whole = {graph.part for graph in service.parts}
    part = service if set(invariant.about) == whole else service.restricted(*invariant.about)
    known = {policy.name for policy in part.policies}
    return prepare(part.with_policies(**{one.policy: one.option for one in invariant.under if one.policy in known}))


def replayed(system, proof):
    """Every run of real steps from the beginning that does what the records of a proof say, and reads like its path."""
    assert len(proof.path) == len(proof.replay)
    runs = [Run((initial(system),))]
    for record, line in zip(proof.replay, proof.path, strict=True):
        told = line.rpartition(" → ")[2]
        runs = [
            Run((*run.configurations, after), happening)
            for run in runs
            for after, happening in steps(system, run.configurations[-1], record)
            if words(after, system.parts) == told
        ]
        assert runs, f"{record} cannot lead to {told}"
    return runs


def steps(system, here, record):
    """Where one record leads from a configuration."""
    if "event" in record:
        return [
            (move.after, happened(move.event.name, initiator=move.event.initiator))
            for move in hidden(system, here)
            if move.event.name == record["event"]
        ]
    made = call(system.operations[record["op"]], sent(system.operations[record["op"]], record["args"]))
    return [
        (step.after, happened(made.name, made.args, is_accepted=record["accepted"]))
        for step in answers(system, here, made)
        if isinstance(step.answer, Accepted) is record["accepted"]
    ]


def sent(operation, args):
    """Arguments as a caller sends them: the number of a version is a text."""
    keys = {one.name for one in operation.parameters if one.subject in (Subject.VERSION, Subject.QUALIFIER)}
    return {name: str(value) if name in keys else value for name, value in args.items()}


def happened(name, args=None, *, is_accepted=True, initiator="caller"):
    """What a step statement is told: a call where there are arguments, else a hidden move."""
    return Happening(name, args is not None, is_accepted, args or (), initiator)


def is_broken_by(system, invariant, run):
    """Whether a run ends with what an invariant forbids."""
    looks = [Look(system, configuration) for configuration in run.configurations]
    match invariant.claim:
        case Claim.ALWAYS:
            return not invariant.test(looks[-1])
        case Claim.STEP:
            return not invariant.test(looks[-2], looks[-1], run.last)
    assert invariant.claim is Claim.LEADS_TO
    return not any(invariant.test(Look(system, one)) for one in owed_from(system, run.configurations[-1]))


def owed_from(system, configuration):
    """Everything that moves of the service alone lead to."""
    found, frontier = {configuration: None}, [configuration]
    while frontier:
        for move in hidden(system, frontier.pop()):
            if move.event.initiator == "service" and move.after not in found:
                found[move.after] = None
                frontier.append(move.after)
    return list(found)
