"""Runs to play, frame by frame: recorded histories with what they leave possible, and runs that a proof has found."""

from collections.abc import Iterable
from typing import Any

import attrs

from statemodel.configuration import Configuration, Family
from statemodel.errors import StateModelError
from statemodel.model.history import Record, read_file
from statemodel.model.service import Model, as_service
from statemodel.oracle.check import Checker, Track, check, sorted_by_time
from statemodel.oracle.explain import in_words
from statemodel.oracle.monitor import Monitor, Node, monitor
from statemodel.oracle.verdict import CODES, Verdict
from statemodel.player.scenes import Ledger, asked, scene
from statemodel.player.walk import Walk, alike, scope_of
from statemodel.semantics import System, prepare
from statemodel.show import Document
from statemodel.unfold import NAMES, begun
from statemodel.verify import Proof, Verification, settled

MOST_RECORDS = 500
MOST_RESOURCES = 50


@attrs.frozen
class Stage:
    """Where frames put what they show.

    Attributes:
        ledger: numbers of rows and entries.
        scenes: those of the walk, then those of frames.
        walk: what can be walked through; frames that show one of its configurations share its scene.
    """

    ledger: Ledger
    scenes: list[Document]
    walk: Walk

    def put(self, shown: Document) -> int:
        """The number of a scene that is none of the walk's."""
        self.scenes.append(shown)
        return len(self.scenes) - 1


def _frame(line: str, number: int, *, note: str = "", wrong: bool = False, details: Iterable[str] = ()) -> Document:
    return {"line": line, "scene": number, "note": note, "wrong": wrong, "details": list(details)}


# ------------------------------------------------------------------------------------------------- histories


def of_histories(model: Model, file: str, stage: Stage, **options: str) -> list[Document]:
    """A run for each resource of a file: a frame a record, with everything that is possible after it.

    Args:
        model: the model.
        file: name of a file of histories.
        stage: where scenes go.
        options: start, calls and environment, as for `check`.

    Raises:
        HistoryError: the file cannot be read.
        StateModelError: there is more in it than a page can show.
    """
    verdicts = check(model, [file], **options).verdicts  # type: ignore[arg-type]
    records: dict[str, list[tuple[str, int, Record]]] = {}
    for line, record in read_file(file):
        records.setdefault(record["resource"], []).append((file, line, record))
    _fit(file, records)
    watching = monitor(model, **options)
    memory: dict[Any, int] = {}
    return [
        _history(watching, verdict, sorted_by_time(records[verdict.resource]), stage, memory) for verdict in verdicts
    ]


def _fit(file: str, records: dict[str, list[tuple[str, int, Record]]]) -> None:
    """Raise a StateModelError where a page would become too big."""
    mend = "write those to look at to a file of their own"
    if len(records) > MOST_RESOURCES:
        raise StateModelError(f"{file}: {len(records)} resources, and a page plays at most {MOST_RESOURCES}; {mend}")
    for resource, own in records.items():
        if len(own) > MOST_RECORDS:
            problem = f"{len(own)} records of {resource!r}, and a page plays at most {MOST_RECORDS} of one"
            raise StateModelError(f"{file}: {problem}; {mend}")


def _history(
    watching: Monitor,
    verdict: Verdict,
    records: list[tuple[str, int, Record]],
    stage: Stage,
    memory: dict[Any, int],
) -> Document:
    checker = Checker(watching)
    last = _belief(watching, watching.start, {}, stage, memory)
    frames = [_frame("before the first record", last)]
    code: str | None = None
    for file, line, record in records:
        checker.follow(file, line, record)
        track: Track = checker.tracks[verdict.resource]
        told = f"{in_words(record)}" if "silence" not in record else f"nothing for {record['silence']} s"
        if track.node is None:
            frames.append(_frame(told, last, note=_wrong(verdict), wrong=True, details=verdict.expected))
            break
        last = _belief(watching, track.node, track.content, stage, memory)
        note = f"{track.code}: {track.reason or CODES[track.code]}" if track.code and track.code != code else ""
        code = track.code
        frames.append(_frame(told, last, note=note))
    return {
        "title": f"{verdict.resource}: {verdict.outcome}" + (f" {verdict.code}" if verdict.code else ""),
        "kind": "history",
        "about": f"A recorded history of {verdict.records} records; strength {verdict.strength:.2f}.",
        "frames": frames,
    }


def _wrong(verdict: Verdict) -> str:
    said = CODES[verdict.code] if verdict.code else ""
    return f"{verdict.code}: {said} What is shown was possible before this record; expected instead:"


def _belief(
    watching: Monitor, node: Node, content: dict[str, int], stage: Stage, memory: dict[Any, int]
) -> int:
    """The scene of a belief; content is called as it was recorded."""
    names = tuple(sorted((number, name) for name, number in content.items()))
    key = id(node), names if watching.system.service.compares_content else ()
    if key not in memory:
        belief = node.belief
        scope = scope_of(watching.system, _greatest(belief))
        scope = attrs.evolve(scope, names=tuple(dict.fromkeys((*NAMES, *_named(watching.system, belief)))))
        made = asked(watching.system, scope, dict(names))
        memory[key] = stage.put(scene(watching.system, belief, made, stage.ledger, lambda _: None))
    return memory[key]


def _keys(belief: Iterable[Configuration]) -> Iterable[Any]:
    return (key for one in belief for slot in one if isinstance(slot, Family) for key, _ in slot.members)


def _greatest(belief: Iterable[Configuration]) -> int:
    """The greatest number of a version that is named, 1 where none is."""
    return max((key for key in _keys(belief) if isinstance(key, int)), default=1)


def _named(system: System, belief: Iterable[Configuration]) -> list[str]:
    given = {name for graph in system.service.parts for name in getattr(graph.many, "first", ())}
    return sorted({key for key in _keys(belief) if isinstance(key, str)} - given)


# ------------------------------------------------------------------------------------------------- proofs


def of_proofs(model: Model, found: Verification, stage: Stage) -> list[Document]:
    """A run for each statement that is broken, and then for each goal that is reached."""
    shown = [proof for proof in found.proofs if proof.passages or not proof.holds]
    return [_proof(model, proof, stage) for proof in sorted(shown, key=lambda proof: proof.holds)]


def _proof(model: Model, proof: Proof, stage: Stage) -> Document:
    service = as_service(model)
    system = prepare(settled(service, proof.invariant.about, proof.invariant.under))
    is_whole = system.parts == stage.walk.system.parts and not proof.invariant.under
    numbers = {one: number for number, one in enumerate(stage.walk.configurations)} if is_whole else {}
    made = asked(system, stage.walk.scope)

    def shown(configuration: Configuration) -> int:
        known = numbers.get(alike(system, configuration))
        return (
            stage.put(scene(system, (configuration,), made, stage.ledger, lambda _: None)) if known is None else known
        )

    start = proof.passages[0].before if proof.passages else begun(system, stage.walk.scope)
    frames = [_frame("the beginning", shown(start))]
    frames += [_frame(one.line, shown(one.after)) for one in proof.passages]
    end = "here the goal is reached" if proof.holds else "here it is broken"
    frames[-1] |= {"note": f"{end}: {proof.invariant.name}", "wrong": not proof.holds}
    under = f" Proved under {', '.join(map(str, proof.invariant.under))}." if proof.invariant.under else ""
    return {
        "title": f"{'goal' if proof.holds else 'counterexample'}: {proof.invariant.name}",
        "kind": "goal" if proof.holds else "counterexample",
        "about": f"{proof.invariant.claim}: {proof.invariant.name}.{under}",
        "frames": frames,
    }
