"""What a history leaves possible of a service, and what can be called then: by all parts, not one alone.

>>> from statemodel.registry import model
>>> found = standing(model("scf"), [
...     {"resource": "f", "op": "CreateFunction", "result": {}},
...     {"resource": "f", "op": "GetFunction", "result": {"Status": "Active", "AvailableStatus": "Available"}},
...     {"resource": "f", "op": "PublishVersion", "result": {"FunctionVersion": "1"}},
... ], start="absent", environment="recorded")
>>> found.states["function"], [f"{one.name}: {one.legality}" for one in found.qualifiers]
(('Active', 'Publishing', 'PublishFailed'), ['$LATEST: legal', '1: open', '$DEFAULT: legal'])
"""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from statemodel.configuration import Family, Member
from statemodel.errors import UsageError
from statemodel.life import Made
from statemodel.model.data import Key, spell
from statemodel.model.history import Record
from statemodel.model.operation import Action, Operation, Subject
from statemodel.model.service import Model
from statemodel.oracle.check import Checker
from statemodel.oracle.monitor import monitor
from statemodel.questions import CallAnswer, answer_of
from statemodel.semantics import MAY, Refused, System, UndecidedError, answers, call

Configurations = tuple[Any, ...]


@attrs.frozen(eq=False)
class Standing:
    """What can be asked after a history.

    Attributes:
        states: by part, the states it may be in; of a part with many members, those of any that is known.
        calls: by operation, whether it is accepted with its default arguments.
        qualifiers: whether the function can be invoked now: without a qualifier, then by every name that is known.
    """

    states: Mapping[str, tuple[str, ...]]
    calls: Mapping[str, CallAnswer]
    qualifiers: tuple[CallAnswer, ...]


def standing(
    model: Model, records: Iterable[Record], *, start: str = "unknown", calls: str = "complete",
    environment: str = "open",
) -> Standing:
    """What can be asked after a history of one resource.

    Args:
        model: a graph or a service.
        records: what was seen, in order.
        start: "unknown", or "absent" where nobody touched the resource before.
        calls: "complete", or "partial" where other callers may have acted unseen.
        environment: "open", or "recorded" where nothing happens that is not recorded.

    Raises:
        UsageError: the records are of several resources or none, or cannot have happened.
        HistoryError: a record has not the shape of one.
    """
    watching = monitor(model, start=start, calls=calls, environment=environment)
    checker = Checker(watching)
    for line, record in enumerate(records, 1):
        checker.follow("records", line, record)
    if len(checker.tracks) != 1:
        raise UsageError("number of resources in a history:", str(len(checker.tracks)), ("1",))
    [track] = checker.tracks.values()
    if track.node is None:
        raise UsageError("history", f"{track.code} at record {track.line}", ("one that can have happened",))
    system = watching.system
    belief = tuple(sorted(watching.reasoner.decided(track.node.core), key=repr))
    operations = system.operations
    return Standing(
        _states(system, belief),
        {name: _answer(system, belief, each, {}, name) for name, each in operations.items()},
        tuple(_qualifiers(system, belief)),
    )


def _states(system: System, belief: Configurations) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for place, graph in enumerate(system.service.parts):
        present = {member.state for one in belief for _, member in _members(one[place])}
        found[graph.part] = tuple(state.name for state in graph.states if state.name in present)
    return found


def _members(slot: Any) -> tuple[tuple[Key | None, Member], ...]:
    return slot.present() if isinstance(slot, Family) else ((None, slot),)


def _answer(
    system: System, belief: Configurations, operation: Operation, args: Mapping[str, Any], name: str
) -> CallAnswer:
    made = call(operation, args)
    ways: list[Made] = []
    for configuration in belief:
        try:
            steps = answers(system, configuration, made)
        except UndecidedError:
            ways.extend((Made(0, None, is_may=True, policy=None), Made(None, None, is_may=True, policy=None)))
            continue
        for step in steps:
            is_may = step.modality == MAY
            policy = next((row.under.policy for row in step.rows if row.under is not None), None) if is_may else None
            refused = isinstance(step.answer, Refused)
            codes = step.answer.codes if isinstance(step.answer, Refused) else None
            ways.append(Made(None if refused else 0, codes, is_may, policy))
    return answer_of(name, ways)


def _qualifiers(system: System, belief: Configurations) -> Iterable[CallAnswer]:
    """Whether the first operation that runs the function is accepted for each qualifier."""
    runs = [each for each in system.operations.values()
            if each.action is Action.READ and any(field.name == "content" for field in each.fields)]
    asked = next((one for each in runs for one in each.parameters if one.subject is Subject.QUALIFIER), None)
    if asked is None:
        return
    operation = next(each for each in runs if asked in each.parameters)
    yield _answer(system, belief, operation, {}, str(asked.default))
    known = {key for one in belief for slot in one if isinstance(slot, Family) for key, _ in slot.present()}
    seen = sorted((key for key in known if not isinstance(key, int) or key > 0), key=lambda key: (str(type(key)), key))
    for key in seen:
        yield _answer(system, belief, operation, {asked.name: spell(key)}, spell(key))
