"""Waiters as others write them: text, JSON, botocore's waiter files, Terraform's lists. Must not know how one waits."""

import json
import re
from collections.abc import Iterable
from typing import Any

from statemodel.model.graph import Kind
from statemodel.reading import NOT_LISTED, Reading
from statemodel.waiters import Row, Verdict, Waiter

Document = dict[str, Any]
_ORDER = (Verdict.SUCCESS, Verdict.RETRY, Verdict.FAILURE, Verdict.UNKNOWN)


def text(waiter: Waiter) -> str:
    """The table for people: expected readings first, each with what it means and why."""
    width = max(len(row.shown) for row in waiter.rows)
    lines = [f"{waiter.title}, as {waiter.read.name} shows it", ""]
    lines.extend(
        f"  {row.shown.ljust(width)}  {str(row.verdict).ljust(7)}  {row.judgement.reason}"
        for row in waiter.rows if row.is_expected
    )
    others = [row for row in waiter.rows if not row.is_expected]
    if others:
        lines.extend(("", f"Not to be read after {waiter.after}, unless somebody else acts or the read is stale:", ""))
        lines.extend(f"  {row.shown.ljust(width)}  {row.verdict}" for row in others)
    lines.extend(("", "Any other status is unknown."))
    return "\n".join(lines)


def document(waiter: Waiter) -> Document:
    """The table in JSON."""
    return {
        "contract": 1,
        "model": waiter.model,
        "graph": waiter.graph.name,
        "until": [state.name for state in waiter.until],
        "after": waiter.after,
        "read": waiter.read.name,
        "fields": list(waiter.names),
        "statuses": [_row(waiter, row) for row in waiter.rows],
    }


def _row(waiter: Waiter, row: Row) -> Document:
    shown: Document
    if row.reading.fields is not None:
        shown = {"result": dict(zip(waiter.names, row.reading.fields, strict=True))}
    elif row.reading.error == NOT_LISTED:
        shown = {"listed": False}
    else:
        shown = {"error": row.reading.error}
    return {
        **shown,
        "states": list(row.judgement.states),
        "verdict": str(row.verdict),
        "passed": row.judgement.is_passed,
        "expected": row.is_expected,
        "policies": list(row.judgement.policies),
        "reason": row.judgement.reason,
    }


# ------------------------------------------------------------------------------------------------- botocore


def botocore(waiter: Waiter, *, delay_s: int = 5, attempts: int = 120) -> Document:
    """The table as a waiter file of botocore, version 2.

    A reading whose verdict is unknown has no acceptor: botocore goes on polling where a status is unmatched, and ends
    with an error where the code of a refusal is.

    Args:
        waiter: what to write.
        delay_s: seconds between polls.
        attempts: how many polls there are at most.
    """
    acceptors = [acceptor for verdict in _ORDER[:3] for acceptor in _acceptors(waiter, verdict)]
    made = {"operation": waiter.read.name, "delay": delay_s, "maxAttempts": attempts, "acceptors": acceptors}
    return {"version": 2, "waiters": {name_of(waiter): made}}


def name_of(waiter: Waiter) -> str:
    """Name of the waiter in a file, such as FunctionActive or FunctionActiveAfterUpdateFunctionCode."""
    words = [waiter.graph.part, *(state.name for state in waiter.until)]
    if waiter.after:
        words.extend(("After", waiter.after))
    return "".join(one[:1].upper() + one[1:] for word in words for one in re.split(r"\W|_", word))


def _acceptors(waiter: Waiter, verdict: Verdict) -> Iterable[Document]:
    for row in waiter.rows:
        if row.verdict is verdict and row.reading.error not in ("*", NOT_LISTED):
            yield {"state": str(verdict), **_matcher(waiter, row.reading)}
    for row in waiter.rows:
        if row.verdict is verdict and row.reading.error == NOT_LISTED:
            yield {"state": str(verdict), "matcher": "path", "argument": f"length({_list(waiter)} || `[]`) == `0`",
                   "expected": True}


def _list(waiter: Waiter) -> str:
    assert waiter.read.listing is not None
    return waiter.read.listing.name


def _matcher(waiter: Waiter, reading: Reading) -> Document:
    if reading.fields is None:
        return {"matcher": "error", "expected": reading.error}
    if not reading.fields:
        return {"matcher": "status", "expected": 200}
    if waiter.read.listing is not None:
        [field] = waiter.names
        return {"matcher": "pathAll", "argument": f"{_list(waiter)}[].{field}", "expected": reading.fields[0]}
    if len(reading.fields) == 1 and reading.fields[0] is not None:
        return {"matcher": "path", "argument": waiter.names[0], "expected": reading.fields[0]}
    said = (f"{name} == `{json.dumps(value)}`" for name, value in zip(waiter.names, reading.fields, strict=True))
    return {"matcher": "path", "argument": " && ".join(said), "expected": True}


# ------------------------------------------------------------------------------------------------- terraform


def terraform(waiter: Waiter) -> str:
    """The table as the two lists of a Terraform `retry.StateChangeConf`; whatever is in neither ends the waiting."""
    rows = [row for row in waiter.rows if row.is_expected]
    pending = _names(waiter, (row for row in rows if row.verdict in (Verdict.RETRY, Verdict.UNKNOWN)))
    target = _names(waiter, (row for row in rows if row.verdict is Verdict.SUCCESS))
    lines = [f"// {waiter.title}: what {waiter.read.name} shows, as the Refresh function names it."]
    lines.extend(_legend(waiter, rows))
    lines.append(f"Pending: []string{{{', '.join(map(json.dumps, pending))}}},")
    lines.append(f"Target:  []string{{{', '.join(map(json.dumps, target))}}},")
    return "\n".join(lines)


def _legend(waiter: Waiter, rows: list[Row]) -> Iterable[str]:
    if len(waiter.names) > 1:
        yield f"// A status is {'/'.join(waiter.names)}, with \"null\" for a field that is not there."
    errors: dict[str, list[str]] = {}
    for row in rows:
        if row.reading.fields is None and row.verdict is not Verdict.FAILURE:
            errors.setdefault(_name(waiter, row), []).append(str(row.reading.error))
    for name, codes in errors.items():
        yield f"// {json.dumps(name)} stands for {' or '.join(codes)}."


def _names(waiter: Waiter, rows: Iterable[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_name(waiter, row) for row in rows))


def _name(waiter: Waiter, row: Row) -> str:
    """A status as one text."""
    if row.reading.fields is not None:
        return "/".join("null" if value is None else str(value) for value in row.reading.fields) or "Present"
    return status_of(waiter, row)


def status_of(waiter: Waiter, row: Row) -> str:
    """A status in words; a refused read by the state it stands for."""
    if row.reading.fields is not None:
        return row.shown
    kinds = {state.name: state.kind for state in waiter.graph.states}
    absent = [name for name in row.judgement.states if kinds[name] is Kind.ABSENT]
    return (absent or list(row.judgement.states) or ["Unknown"])[0]
