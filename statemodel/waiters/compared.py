"""A page that sets the waiters of real clients beside those of the model: which statuses each misjudges, and how."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

import attrs

from statemodel.model.service import Model
from statemodel.waiters import Row, Verdict, Waiter, waiter
from statemodel.waiters.clients import CLIENTS, Client
from statemodel.waiters.tables import status_of

COMMAND = "statemodel clients --out docs/waiters.md"


@attrs.frozen
class Misjudged:
    """One status that a client and the model read differently.

    Attributes:
        shown: the status; several that come to the same are listed together.
        states: what it may stand for.
        right: what it means by the model.
        taken: what the client takes it for; None where it is on no list.
    """

    shown: str
    states: tuple[str, ...]
    right: Verdict
    taken: Verdict | None

    @property
    def harm(self) -> str:
        """What comes of it."""
        match self.taken, self.right:
            case Verdict.SUCCESS, _:
                return "taken for success"
            case Verdict.RETRY, Verdict.FAILURE:
                return "waited for although it cannot come"
            case Verdict.FAILURE, _:
                return "given up although it may come"
        return "on no list"


def misjudged(client: Client, made: Waiter) -> tuple[Misjudged, ...]:
    """The statuses that a client reads differently from the model, in the order of the states."""
    found: dict[tuple[tuple[str, ...], Verdict, Verdict | None], list[str]] = {}
    for row in made.rows:
        taken = verdict_of(client, made, row)
        kinds = {made.graph.state(name).kind for name in row.judgement.states}
        if len(kinds) == 1 and row.verdict is not Verdict.UNKNOWN and taken is not row.verdict:
            found.setdefault((row.judgement.states, row.verdict, taken), []).append(status_of(made, row))
    return tuple(Misjudged(" or ".join(dict.fromkeys(shown)), *key) for key, shown in found.items())


def verdict_of(client: Client, made: Waiter, row: Row) -> Verdict | None:
    """What a client takes a status for."""
    status = status_of(made, row)
    lists = ((client.failure, Verdict.FAILURE), (client.pending, Verdict.RETRY), (client.success, Verdict.SUCCESS))
    for patterns, verdict in lists:
        if any(fnmatchcase(status, pattern) for pattern in patterns):
            return verdict
    is_read = row.reading.fields is not None
    return Verdict(client.rest) if client.rest is not None and is_read else None


def page(models: Iterable[tuple[str, Model]]) -> str:
    """The page in Markdown.

    Args:
        models: the models by name.
    """
    known = dict(models)
    lines = [
        "# How real clients wait, beside the model", "",
        f"Written by `{COMMAND}` from the lists in `statemodel/waiters/clients.py`; a test compares it.", "",
        "Each client polls a status and sorts what it reads by lists of its own. The model sorts every status too:",
        "`success` where it is what was waited for, `retry` where the service may still reach that by moves of its",
        "own, `failure` where it no longer can. Where the two differ, the table says what comes of it. Statuses on",
        "which open policies decide are left out, and those that may stand for states of several kinds.", "",
        "| client | waits for | misjudged | taken for success | waited for in vain | given up early | on no list |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    chapters: list[str] = []
    for client in CLIENTS:
        made = waiter(known[client.model], until=client.until)
        wrong = misjudged(client, made)
        counts = [sum(one.harm == harm for one in wrong) for harm in
                  ("taken for success", "waited for although it cannot come", "given up although it may come",
                   "on no list")]
        cells = (client.name, f"{client.model}: {' or '.join(client.until)}", str(len(wrong)), *map(str, counts))
        lines.append(f"| {' | '.join(cells)} |")
        chapters.extend(_chapter(client, wrong))
    return "\n".join((*lines, *chapters)) + "\n"


def _chapter(client: Client, wrong: tuple[Misjudged, ...]) -> Iterable[str]:
    yield ""
    yield f"## {client.name}"
    yield ""
    yield f"Source: {client.place}." + (f" {client.note[0].upper()}{client.note[1:]}." if client.note else "")
    yield ""
    if not wrong:
        yield "It misjudges nothing that it reads."
        return
    yield "| status | stands for | by the model | by the client | so it is |"
    yield "|---|---|---|---|---|"
    for one in wrong:
        yield f"| {one.shown} | {', '.join(one.states)} | {one.right} | {one.taken or 'nothing'} | {one.harm} |"
