"""What a code means: one of our own findings, or a service's error code in every model that knows it."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

import attrs

from statemodel.errors import UsageError
from statemodel.model.evidence import Support
from statemodel.model.graph import Refusal, TransitionGraph
from statemodel.model.guard import in_words
from statemodel.model.operation import Operation
from statemodel.model.service import Model, Service, as_service
from statemodel.oracle.verdict import CODES
from statemodel.page import wrapped
from statemodel.show import sources_of

# What to look at where `check` finds it among records.
LOOK_AT = {
    "SM101": "The value itself: it is new, misspelt, or of another field. `statemodel show MODEL --format json` lists "
    "what each read may show. The history is inconclusive, and records after it are judged from an unknown start.",
    "SM102": "The name itself, and whether MODEL is the right model: `statemodel show MODEL` lists operations and "
    "events. Records after it were judged from an unknown start.",
    "SM103": "Check against the composed service (such as scf instead of scf.function) to judge those calls too.",
    "SM104": "Lists or reads early in the history, and `--start absent`, leave fewer configurations possible; so does "
    "checking one part alone.",
    "SM105": "The bad rows that are listed with file and position: mend the file, or leave the row out and say so with "
    "`--calls partial`. Records of the same resource before it were judged.",
    "SM106": "Whether files of the earlier run, which `--state` goes on from, were moved: put them back, "
    "or begin again without `--state`. Histories that need no second look are judged all the same.",
    "SM201": "The line `expected`: the codes that refuse the call there. Either the service accepts what it should "
    "refuse, an argument is out of its limits, or a record before it is missing (`--calls partial`).",
    "SM202": "The line `expected`: what would have been answered. Either the service refuses what it should accept, "
    "the code belongs to another operation or state, or a record before it is missing (`--calls partial`).",
    "SM203": "The line `expected`: what could have been shown, and `before it`: what was possible. Either the "
    "service skipped a step, records are out of order, or others acted unseen (`--calls partial`).",
    "SM204": "Whether the event belongs there, and whether records before it are missing (`--calls partial`).",
}
# The same for findings of `conform`, which knows no records: what it judges are the steps of its own script.
IN_CONFORM = {
    "SM101": "The value itself: it is new, misspelt, or of another field. It is a finding, because no caller can wait "
    "for a status that nobody knows; `expected` lists those that the model knows.",
    "SM104": "How much the steps before left open. Walks are left there, and a script ends; reads and lists early in "
    "a script leave fewer configurations possible. A run that left many walks is inconclusive.",
    "SM201": "Compare `got` with `expected`, the codes that refuse the call there. Then go through the steps before: "
    "did the service really do what each of them was answered? A service that accepts everything is found so; so is "
    "one that moved on too early, or that forgot what a step before had brought about.",
    "SM202": "Compare `got` with `expected`, what would have been answered. Where both are refusals, the code alone is "
    "wrong. Else go through the steps before: did the service really do what each of them was answered? One that "
    "accepted a call and did nothing is found out by the next.",
    "SM203": "Compare `got` with `expected`, what could have been shown. Then ask of each step before: did the service "
    "really do it, all of it, to that resource and version alone? Either a step was accepted and not done, or this "
    "answer is stale.",
    "SM302": "Compare `got`, a state that the service must leave by itself, with how long the steps waited. Either the "
    "client never moves on, or not when its clock is advanced (`advance` must let happen what is due), or the answer "
    "is stale. A client that is only slow needs more `--patience`: polls, or 72 advanced seconds each.",
    "SM303": "Whether the client limits calls or is out of order. The suite asks again three times at once; a client "
    "that limits calls in earnest should wait within its adapter.",
    "SM304": "The line of the file given with `--known`: take it out, so that the deviation is noticed if it comes "
    "back. If it shows only now and then, more `--examples` may find it.",
}


@attrs.frozen
class Mention:
    """One place where a model speaks of a code: who, in words, and on whose authority."""

    model: str
    text: str
    evidence: Support


def explained(code: str, models: Iterable[Model]) -> str:
    """A code in words.

    Raises:
        UsageError: nobody knows the code; it names those that are spelled alike.
    """
    ours = code.upper()
    if ours in CODES:
        return "\n".join((f"{ours}: {CODES[ours]}", *_advice(ours)))
    models = tuple(models)
    found = list(dict.fromkeys(mentions(code, models)))
    if not found:
        raise UsageError("code", code, _alike(code, models))
    lines = [f"{code}: an error code of a service."]
    model = None
    for mention in found:
        if mention.model != model:
            model = mention.model
            lines.extend(["", model])
        lines.extend(wrapped(mention.text, "  ", "    "))
        for source in sources_of(mention.evidence):
            lines.extend(wrapped(source, "      ", "        "))
    return "\n".join(lines)


def _advice(ours: str) -> Iterator[str]:
    """What to look at, by the command that found it."""
    both = ours in LOOK_AT and ours in IN_CONFORM
    for command, texts in (("check", LOOK_AT), ("conform", IN_CONFORM)):
        if ours in texts:
            where = f" in a run of `{command}`" if both else ""
            yield from ("", *wrapped(f"What to look at{where}: {texts[ours]}"))


def mentions(code: str, models: Iterable[Model]) -> Iterator[Mention]:
    """Every place where a model speaks of a code, graph by graph."""
    services = [as_service(model) for model in models]
    told: set[tuple[str, str]] = set()
    for graph in dict.fromkeys(graph for service in services for graph in service.parts):
        for row in graph.refusals:
            if row.codes and code in row.codes:
                yield Mention(graph.name, _refusal(row), row.evidence)
        for operation in graph.operations:
            place = (graph.name.partition(".")[0], operation.name)
            if place not in told:
                told.add(place)
                for text, codes, evidence in _requests(operation):
                    if _is_among(code, codes):
                        yield Mention(graph.name, text, evidence)
    for service in services:
        if _is_among(code, service.skip_codes):
            text = "throttling, authentication or an internal error: `check` leaves such records out"
            yield Mention(service.name.partition(".")[0], text, ())


def _refusal(row: Refusal) -> str:
    guard = f", {in_words(row.guard)}" if row.guard else ""
    policy = f", under policy {row.under}" if row.under else ""
    return f"refuses {row.operation.name} in {', '.join(row.source)}{guard}{policy}"


def _requests(operation: Operation) -> Iterator[tuple[str, tuple[str, ...], Support]]:
    """What an operation refuses whatever the state: in words, the codes, and who says so."""
    for parameter in operation.parameters:
        limits = f"refuses {operation.name} where {parameter.name} breaks its limits"
        yield limits, parameter.codes or (), parameter.evidence
        yield f"refuses {operation.name} without {parameter.name}", parameter.missing or (), parameter.evidence
    for rule in operation.rules:
        yield f"refuses {operation.name} that breaks the rule: {rule.name}", rule.codes or (), rule.evidence
    said = f"may refuse {operation.name} in any state: it says nothing about the state of the resource"
    yield said, operation.request_codes, operation.evidence


def _is_among(code: str, codes: Iterable[str]) -> bool:
    return any(code == one or (one.endswith("*") and code.startswith(one[:-1])) for one in codes)


def known_codes(models: Iterable[Model]) -> tuple[str, ...]:
    """Every code that can be explained, ours first; beginnings of codes left out."""
    found = dict.fromkeys(CODES)
    for model in models:
        service: Service = as_service(model)
        found.update(dict.fromkeys(service.skip_codes))
        for graph in service.parts:
            found.update(dict.fromkeys(_codes(graph)))
    return tuple(code for code in found if not code.endswith("*"))


def _codes(graph: TransitionGraph) -> Iterator[str]:
    for row in graph.refusals:
        yield from row.codes or ()
    for operation in graph.operations:
        for _, codes, _ in _requests(operation):
            yield from codes


def _alike(code: str, models: Iterable[Model]) -> tuple[str, ...]:
    """Known codes that are spelled alike, letter case left aside; where there is none, our own."""
    by_small = {known.lower(): known for known in known_codes(models)}
    alike = get_close_matches(code.lower(), by_small, n=5, cutoff=0.6)
    return tuple(by_small[one] for one in alike) or tuple(CODES)
