"""What the rows of a graph leave unsaid or say twice, under every option of every policy. Must not know services."""

from collections.abc import Collection, Iterable, Iterator
from itertools import product

import attrs

from statemodel.errors import DefinitionError
from statemodel.model.evidence import Choice
from statemodel.model.graph import Initiator, Kind, Row, Transition, TransitionGraph
from statemodel.model.guard import Guard

MANY_WAYS = 100  # from there on a state counts as reached whatever the options


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


def check_cells(graph: TransitionGraph) -> None:
    """Raise a DefinitionError for the first cell that leaves a case out, or of which two rows speak at once."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in graph.every_row:
        for name in row.source:
            found.setdefault((name, row.event.name), []).append(row)
    for operation in graph.operations:
        for state in graph.states:
            rows = found.get((state.name, operation.name), [])
            where = f"{operation.name} in {state.name}"
            if not rows:
                mend = "add a row: accepted, refused with codes, or both under a policy"
                raise DefinitionError(graph.name, where, "nothing is said", mend)
            _check_cell(graph, where, rows, total=True)
    for event in graph.events:
        for state in graph.states:
            if event.initiator is not Initiator.SERVICE:
                rows = found.get((state.name, event.name), [])
                _check_cell(graph, f"{event.name} in {state.name}", rows, total=False)


def _check_cell(graph: TransitionGraph, where: str, rows: list[Row], *, total: bool) -> None:
    for case, live in _cases(graph, rows):
        if not live and total:
            mend = "add a row for the case, or put the guards into one group if they leave no case out"
            raise DefinitionError(graph.name, f"{where} ({case})", "nothing is said", mend)
        if len(live) > 1:
            mend = "make the guards exclude each other, or name the open point as a policy with an option for each"
            listed = " and ".join(f"{str(row)!r}" for row in live)
            raise DefinitionError(graph.name, f"{where} ({case})", f"{listed} overlap", mend)


def _cases(graph: TransitionGraph, rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Every case some rows tell apart, options and guards, in words, each with the rows that hold there."""
    rows = list(rows)
    asked = {row.under.policy for row in rows if row.under}
    policies = [policy for policy in graph.policies if policy.name in asked]
    for options in product(*(policy.options for policy in policies)):
        chosen = {Choice(policy.name, option) for policy, option in zip(policies, options, strict=True)}
        said = [f"{policy.name} = {option}" for policy, option in zip(policies, options, strict=True)]
        left = [row for row in rows if row.under is None or row.under in chosen]
        for truth in assignments(left):
            if not _is_possible(left, truth, chosen):
                continue
            live = [row for row in left if row.guard is None or row.guard.under(truth)]
            if live or not _is_impossible(left, truth):
                cases = (f"{name}: {'yes' if value else 'no'}" for name, value in truth.items())
                yield ", ".join((*said, *cases)) or "always", live


def _is_possible(rows: Iterable[Row], truth: dict[str, bool], chosen: Collection[Choice]) -> bool:
    """Whether no guard holds that only holds under an option which is not chosen."""
    policies = {choice.policy for choice in chosen}
    return all(
        not truth[atom.name] or atom.only_under.policy not in policies or atom.only_under in chosen
        for row in rows
        if row.guard
        for atom in row.guard.atoms()
        if atom.only_under is not None
    )


def _is_impossible(rows: Iterable[Row], truth: dict[str, bool]) -> bool:
    """Guards of one group leave no case out: that none of them is true is no case if all of them stand in the cell."""
    groups = {atom.group for row in rows if row.guard for atom in row.guard.atoms() if atom.group}
    return any(all(name in truth for name in names) and not any(truth[name] for name in names) for names in groups)


def check_ways(graph: TransitionGraph) -> None:
    """Raise a DefinitionError for the first row nothing can fire, state nothing reaches, or debt never paid."""
    for row in graph.every_row:
        if row.guard is not None and not any(row.guard.under(truth) for truth in assignments([row])):
            mend = "take the row out, or mend its guard"
            raise DefinitionError(graph.name, f"row {str(row)!r}", "has a guard that never holds", mend)
    reached = _reached(graph)
    for state in graph.states:
        if state.name not in reached:
            mend = "add the transition that leads there, or take the state out"
            raise DefinitionError(graph.name, f"state {state.name!r}", "is unreachable from the initial state", mend)
    settling = _settling(graph)
    for state in graph.states:
        if state.kind is not Kind.WORKING:
            continue
        where = f"state {state.name!r}"
        mend = "add the hidden moves the service owes here, or give it another kind"
        # Whether the guards of all ways out may fail at once hangs on other parts: that is for invariants to prove.
        ways = [attrs.evolve(row, guard=None) for row in graph.transitions if _is_way_out(row, state.name)]
        for case, live in _cases(graph, ways):
            if not live:
                where += f" ({case})" if ways else ""
                raise DefinitionError(graph.name, where, "is working and has no way out", mend)
        if state.name not in settling:
            problem = "is working and leads to working states only"
            raise DefinitionError(graph.name, where, problem, mend)


def _reached(graph: TransitionGraph) -> set[str]:
    """The states that transitions lead to, none of the ways under two options of one policy."""
    found: dict[str, list[frozenset[Choice]]] = {graph.initial: [frozenset()]}
    frontier: list[tuple[str, frozenset[Choice]]] = [(graph.initial, frozenset())]
    while frontier:
        here, chosen = frontier.pop()
        for row in graph.transitions:
            if here not in row.source or row.target in (None, here):
                continue
            after = chosen | {row.under} if row.under else chosen
            if len({choice.policy for choice in after}) < len(after):
                continue
            known = found.setdefault(str(row.target), [])
            if len(known) >= MANY_WAYS:
                after = frozenset()
            if not any(fewer <= after for fewer in known):
                known.append(after)
                frontier.append((str(row.target), after))
    return set(found)


def _settling(graph: TransitionGraph) -> set[str]:
    """The states from which the service alone may reach one where it owes nothing."""
    found = {state.name for state in graph.states if state.kind is not Kind.WORKING}
    more = found
    while more:
        more = {
            name
            for row in graph.transitions
            if row.initiator is Initiator.SERVICE and row.target in found
            for name in row.source
        } - found
        found |= more
    return found


def _is_way_out(row: Transition, state: str) -> bool:
    return state in row.source and row.initiator is Initiator.SERVICE and row.target not in (None, state)
