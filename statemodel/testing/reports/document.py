"""A report as a document that programs read. Knows nothing of how it is written down."""

from typing import Any

from statemodel.testing.play import Played
from statemodel.testing.report import Finding, Known, Report
from statemodel.testing.reports.again import in_shell
from statemodel.testing.reports.sentence import sentence
from statemodel.testing.script import Step
from statemodel.testing.searched import Lockstep

CONTRACT = 1


def to_document(report: Report, command: str | None = None) -> dict[str, Any]:
    """The report in the format of the contract: what JSON holds, and nothing else.

    Args:
        report: what a run found.
        command: the command line that reaches the same client, or None.
    """
    return {
        "contract": CONTRACT,
        "model": report.model,
        "result": str(report.result),
        "seed": report.seed,
        "findings": [finding_document(one, command) for one in report.findings],
        "known": [{**finding_document(one, command), "declared": _declared(by)} for one, by in report.known],
        "gone": [_declared(one) for one in report.gone],
        "covered": {
            one.kind: {
                "covered": one.covered,
                "reachable": one.reachable,
                "left": list(one.left),
                "elsewhere": list(one.elsewhere),
            }
            for one in report.tallies
        },
        "not_run": list(report.not_run),
        "not_judged": list(report.beyond),
        "never_shown": list(report.never_shown),
        "unsupported": list(report.unsupported),
        "doubts": list(report.doubts),
        "abilities": list(report.abilities),
        "calls": report.calls,
        "examples": report.examples,
        "throttled": report.throttled,
        "complete": report.is_complete,
        "seconds": round(report.seconds, 3),
        **({} if report.searched is None else {"lockstep": _searched(report.searched)}),
    }


def _searched(found: Lockstep) -> dict[str, Any]:
    """How far everything was seen; null as depth means any number of calls."""
    return {
        "depth": None if found.is_exhaustive else found.reached,
        "states": found.states,
        "answers": found.checks,
        "versions": found.versions,
        "resources": found.resources,
        "told_by": found.told_by,
        "proof": found.is_sure,
    }


def finding_document(found: Finding, command: str | None = None) -> dict[str, Any]:
    """One finding; `again` is what a shell does to show it once more."""
    return {
        "code": found.code,
        "name": found.name,
        "where": list(found.where),
        "what": sentence(found),
        "resource": found.resource,
        "script": [step_document(step) for step in found.script],
        "got": found.got,
        "wrong": list(found.wrong),
        "expected": list(found.expected),
        "belief": list(found.belief),
        "explanation": [line.strip() for line in found.explanation],
        "reason": found.reason,
        "rows": [{"row": one.row, "sources": list(one.sources)} for one in found.rows],
        "against": list(found.against),
        "afterwards": found.afterwards or None,
        "phase": found.phase,
        "reproduced": found.is_reproduced,
        "steady": found.is_steady,
        "times": found.times,
        "again": in_shell(found, command),
    }


def step_document(step: Step) -> dict[str, Any]:
    """One step as a script has it, with what was answered."""
    return {**step.to_request(), **({} if step.reply is None else step.reply.to_record())}


def _declared(known: Known) -> dict[str, str]:
    return {"name": known.name, "reason": known.reason}


def played_document(played: Played, command: str | None = None) -> dict[str, Any]:
    """What a script came to."""
    return {
        "contract": CONTRACT,
        "model": played.model,
        "result": str(played.result),
        "script": [step_document(step) for step in played.steps],
        "left_out": list(played.left_out),
        "not_done": played.not_done,
        "findings": [] if played.finding is None else [finding_document(played.finding, command)],
    }
