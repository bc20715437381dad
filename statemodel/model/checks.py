"""What must hold of a model before anybody uses it: checked when it is built, each message with its mend."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import TYPE_CHECKING

from statemodel.errors import DefinitionError, UsageError
from statemodel.model.evidence import OPEN, Confidence, Policy, Support
from statemodel.model.graph import Event, Guard, Initiator, Kind, Refusal, Row, Transition, TransitionGraph

if TYPE_CHECKING:
    from statemodel.model.service import Service


def check_options(policies: Iterable[Policy], options: Mapping[str, str]) -> None:
    """Every option named must be one that its policy has."""
    known = {policy.name: policy for policy in policies}
    for name, option in options.items():
        if name not in known:
            raise UsageError("policy", name, tuple(sorted(known)))
        if option not in (OPEN, *known[name].options):
            raise UsageError(f"option of policy {name}", option, (OPEN, *known[name].options))


def check_graph(graph: TransitionGraph) -> None:
    """Raise a DefinitionError for the first thing wrong with a graph."""
    _check_names(graph)
    _check_policies(graph)
    _check_reachable(graph)
    _check_working(graph)
    _check_totality(graph)


def _check_names(graph: TransitionGraph) -> None:
    names = [state.name for state in graph.states]
    for name in names:
        if names.count(name) > 1:
            raise DefinitionError(graph.name, f"state {name!r}", "is defined twice", "keep one definition")
    if graph.initial not in names:
        raise DefinitionError(graph.name, f"initial {graph.initial!r}", "is no state", f"choose one of {names}")
    for row in graph.every_row:
        mentioned = row.source if isinstance(row, Refusal) or row.target is None else (*row.source, row.target)
        for name in mentioned:
            if name not in names:
                mend = f"use one of {', '.join(names)}, or define the state"
                raise DefinitionError(graph.name, f"row {str(row)!r}", f"unknown state {name!r}", mend)
        if not row.evidence:
            mend = "name who says so: documented(...), observed(...), client_code(...) or inferred(...)"
            raise DefinitionError(graph.name, f"row {str(row)!r}", "has no evidence", mend)
        _check_order(graph, f"row {str(row)!r}", row.evidence)
    spelled: dict[str, object] = {}
    for row in graph.every_row:
        if spelled.setdefault(row.event.name, row.event) != row.event:
            mend = "use one definition for it, or give the other a name of its own"
            raise DefinitionError(graph.name, f"event {row.event.name!r}", "is defined twice, differently", mend)


def _check_order(graph: TransitionGraph, where: str, support: Support) -> None:
    """The strongest evidence comes first: it is what a reader is told of."""
    ranks = [list(Confidence).index(one.confidence) for one in support]
    if ranks != sorted(ranks):
        listed = ", ".join(one.confidence for one in support)
        mend = f"put them into the order {', '.join(Confidence)}"
        raise DefinitionError(graph.name, where, f"its evidence is not in order: {listed}", mend)


def _check_policies(graph: TransitionGraph) -> None:
    known = {policy.name: policy for policy in graph.policies}
    if len(known) < len(graph.policies):
        raise DefinitionError(graph.name, "policies", "one name stands for two policies", "rename one")
    for row in graph.every_row:
        if row.under and row.under.policy not in known:
            mend = "add the policy to the graph's policies"
            raise DefinitionError(graph.name, f"row {str(row)!r}", f"unknown policy {row.under.policy!r}", mend)
        if row.under and row.under.option not in known[row.under.policy].options:
            mend = f"use one of {', '.join(known[row.under.policy].options)}"
            raise DefinitionError(graph.name, f"row {str(row)!r}", f"unknown option {row.under.option!r}", mend)
        if isinstance(row, Refusal) and row.codes == ():
            mend = "name its codes, or None where none is documented"
            raise DefinitionError(graph.name, f"row {str(row)!r}", "is refused with no code at all", mend)
    for policy in graph.policies:
        _check_order(graph, f"policy {policy.name!r}", policy.evidence)
        if policy.default not in (OPEN, *policy.options):
            mend = f"choose one of {(OPEN, *policy.options)}"
            raise DefinitionError(graph.name, f"policy {policy.name!r}", f"no option {policy.default!r}", mend)


def _check_reachable(graph: TransitionGraph) -> None:
    rows = (*graph.transitions,)
    reached, frontier = {graph.initial}, [graph.initial]
    while frontier:
        here = frontier.pop()
        for row in rows:
            if here in row.source and row.target is not None and row.target not in reached:
                reached.add(row.target)
                frontier.append(row.target)
    for state in graph.states:
        if state.name not in reached:
            mend = "add the transition that leads there, or take the state out"
            raise DefinitionError(graph.name, f"state {state.name!r}", "is unreachable from the initial state", mend)


def _check_working(graph: TransitionGraph) -> None:
    for state in graph.states:
        if state.kind is not Kind.WORKING:
            continue
        out = any(
            isinstance(row, Transition)
            and state.name in row.source
            and row.initiator is Initiator.SERVICE
            and row.target not in (None, state.name)
            for row in graph.rows
        )
        if not out:
            mend = "add the hidden moves the service owes here, or give it another kind"
            raise DefinitionError(graph.name, f"state {state.name!r}", "is working and has no way out", mend)


def cell(graph: TransitionGraph, state: str, event: str) -> tuple[Row, ...]:
    """The rows in force that speak of one event in one state."""
    return tuple(row for row in graph.rows if row.event.name == event and state in row.source)


def assignments(rows: Iterable[Row]) -> Iterator[dict[str, bool]]:
    """Every way the guards of some rows can be true or false; of a group exactly one is true."""
    atoms: dict[str, Guard] = {}
    for row in rows:
        if row.guard:
            atoms.update((atom.name, atom) for atom in row.guard.atoms())
    groups = {atom.group for atom in atoms.values() if atom.group}
    for values in product((True, False), repeat=len(atoms)):
        truth = dict(zip(atoms, values, strict=True))
        if all(sum(truth.get(name, False) for name in names) <= 1 for names in groups):
            yield truth


def _check_totality(graph: TransitionGraph) -> None:
    for operation in graph.operations:
        for state in graph.states:
            rows = cell(graph, state.name, operation.name)
            where = f"{operation.name} in {state.name}"
            if not rows:
                mend = "add a row: accepted, refused with codes, or both under a policy"
                raise DefinitionError(graph.name, where, "nothing is said", mend)
            _check_cell(graph, where, rows, total=True)
    for event in graph.events:
        for state in graph.states:
            rows = cell(graph, state.name, event.name)
            if event.initiator is not Initiator.SERVICE and rows:
                _check_cell(graph, f"{event.name} in {state.name}", rows, total=False)


def _check_cell(graph: TransitionGraph, where: str, rows: tuple[Row, ...], *, total: bool) -> None:
    for truth in assignments(rows):
        live = [row for row in rows if row.guard is None or row.guard.under(truth)]
        case = ", ".join(f"{name}: {'yes' if value else 'no'}" for name, value in truth.items()) or "always"
        if not live and total and not _is_impossible(rows, truth):
            mend = "add a row for the case, or put the guards into one group if they leave no case out"
            raise DefinitionError(graph.name, f"{where} ({case})", "nothing is said", mend)
        sure = [row for row in live if not graph.is_open(row)]
        if len(sure) > 1 or (sure and len(live) > 1):
            mend = "make the guards exclude each other, or name the open point as a policy with an option for each"
            listed = " and ".join(f"{str(row)!r}" for row in live)
            raise DefinitionError(graph.name, f"{where} ({case})", f"{listed} overlap", mend)


def _is_impossible(rows: tuple[Row, ...], truth: dict[str, bool]) -> bool:
    """Guards of one group leave no case out: that none of them is true is no case if all of them stand in the cell."""
    groups = {atom.group for row in rows if row.guard for atom in row.guard.atoms() if atom.group}
    return any(all(name in truth for name in names) and not any(truth[name] for name in names) for names in groups)


def check_service(service: "Service") -> None:
    """Raise a DefinitionError for the first thing wrong with how the parts of a service fit together."""
    names = [graph.part for graph in service.parts]
    if len(set(names)) < len(names):
        raise DefinitionError(service.name, "parts", f"one name stands for two of {names}", "rename one")
    operations: dict[str, object] = {}
    for graph in service.parts:
        for operation in graph.operations:
            if operations.setdefault(operation.name, operation) != operation:
                mend = "let all parts share one Operation object"
                raise DefinitionError(service.name, f"operation {operation.name!r}", "differs between parts", mend)
    policies: dict[str, Policy] = {}
    for graph in service.parts:
        for policy in graph.policies:
            if policies.setdefault(policy.name, policy) != policy:
                mend = "let all parts share one Policy object"
                raise DefinitionError(service.name, f"policy {policy.name!r}", "differs between parts", mend)
    for invariant in service.invariants:
        for part in invariant.about:
            if part not in names:
                where = f"invariant {invariant.name!r}"
                raise DefinitionError(service.name, where, f"speaks of {part!r}", f"name parts among {names}")
    known = {event for graph in (*service.parts, *service.around) for event in graph.events}
    for graph in service.parts:
        for event in graph.follows:
            if isinstance(event, Event) and event not in known:
                raise DefinitionError(graph.name, f"follows {event.name!r}", "no row mentions it", "take it out")
