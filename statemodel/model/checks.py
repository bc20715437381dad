"""What must hold of a model before anybody uses it: checked when it is built, each message with its mend."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import attrs

from statemodel.errors import DefinitionError, UsageError
from statemodel.model.cells import check_cells, check_ways
from statemodel.model.data import REFERENCE
from statemodel.model.evidence import OPEN, Confidence, Policy, Support
from statemodel.model.graph import ABSENT, Event, Kind, Refusal, TransitionGraph
from statemodel.model.guard import Guard

if TYPE_CHECKING:
    from statemodel.model.service import Invariant, Service

VOUCH = "name who says so: documented(...), observed(...), client_code(...) or inferred(...)"
NUMBERING = ("survives", "spared")
CITE = "name the page, package or recorded case: documented(Source(...))"


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
    _check_states(graph)
    _check_rows(graph)
    _check_guards(graph)
    _check_policies(graph)
    check_ways(graph)
    check_cells(graph)


def _check_states(graph: TransitionGraph) -> None:
    names = [state.name for state in graph.states]
    for state in graph.states:
        where = f"state {state.name!r}"
        if names.count(state.name) > 1:
            raise DefinitionError(graph.name, where, "is defined twice", "keep one definition")
        if (state.kind is Kind.ABSENT) is not (state.name == ABSENT):
            mend = f"give the name {ABSENT!r} to the state of the kind absent and to no other"
            raise DefinitionError(graph.name, where, f"is of the kind {state.kind}", mend)
    if graph.initial not in names:
        raise DefinitionError(graph.name, f"initial {graph.initial!r}", "is no state", f"choose one of {names}")
    if graph.many is not None and graph.initial != ABSENT:
        mend = f"let it begin in {ABSENT!r}"
        raise DefinitionError(graph.name, f"initial {graph.initial!r}", "has many members before any exists", mend)
    if graph.data is not None and not attrs.has(graph.data):
        mend = "decorate it with attrs.frozen"
        raise DefinitionError(graph.name, f"data {graph.data.__name__}", "is no attrs class", mend)
    for field in attrs.fields(graph.data) if graph.data is not None else ():
        if field.default is attrs.NOTHING:
            mend = "give it one: what a member carries that nobody has touched"
            raise DefinitionError(graph.name, f"field {field.name!r} of its data", "has no default", mend)
    for name in getattr(graph.many, "provisional", ()):
        if name not in names:
            mend = f"use one of {', '.join(names)}, or define the state"
            raise DefinitionError(graph.name, "its provisional states", f"unknown state {name!r}", mend)


def _check_rows(graph: TransitionGraph) -> None:
    names = [state.name for state in graph.states]
    spelled: dict[str, object] = {}
    for row in graph.every_row:
        where = f"row {str(row)!r}"
        if not row.source:
            raise DefinitionError(graph.name, where, "starts in no state", f"name one of {', '.join(names)}")
        if len(set(row.source)) < len(row.source):
            raise DefinitionError(graph.name, where, "names a state twice", "name each state it starts in once")
        mentioned = row.source if isinstance(row, Refusal) or row.target is None else (*row.source, row.target)
        for name in mentioned:
            if name not in names:
                mend = f"use one of {', '.join(names)}, or define the state"
                raise DefinitionError(graph.name, where, f"unknown state {name!r}", mend)
        if not row.evidence:
            raise DefinitionError(graph.name, where, "has no evidence", VOUCH)
        _check_sources(graph.name, where, row.evidence)
        if isinstance(row, Refusal) and row.codes == ():
            mend = "name its codes, or None where none is documented"
            raise DefinitionError(graph.name, where, "is refused with no code at all", mend)
        if spelled.setdefault(row.event.name, row.event) != row.event:
            mend = "use one definition for it, or give the other a name of its own"
            raise DefinitionError(graph.name, f"event {row.event.name!r}", "is defined twice, differently", mend)
    operations = [operation.name for operation in graph.operations]
    for event in graph.events:
        for name in event.asked_by:
            if name not in operations:
                mend = f"use one of {', '.join(operations)}"
                raise DefinitionError(graph.name, f"event {event.name!r}", f"is asked for by {name!r}, unknown", mend)


def _check_sources(model: str, where: str, evidence: Support) -> None:
    for one in evidence:
        if not one.sources:
            raise DefinitionError(model, where, f"has evidence, {one.confidence}, without a source", CITE)
    _check_order(model, where, evidence)


def _check_guards(graph: TransitionGraph) -> None:
    atoms: dict[str, Guard] = {}
    for row in graph.every_row:
        for atom in row.guard.atoms() if row.guard else ():
            where = f"guard {atom.name!r}"
            if atoms.setdefault(atom.name, atom) != atom:
                mend = "use one Guard object for it, or give the other a name of its own"
                raise DefinitionError(graph.name, where, "is defined twice, differently", mend)
            if atom.group and atom.name not in atom.group:
                mend = f"name all guards of the group in each: {', '.join((*atom.group, atom.name))}"
                raise DefinitionError(graph.name, where, "is not in its own group", mend)
    for atom in atoms.values():
        for name in atom.group:
            if name in atoms and set(atoms[name].group) != set(atom.group):
                mend = "give all guards of a group the same names"
                problem = f"and {name!r} are in one group of {list(atom.group)} and {list(atoms[name].group)}"
                raise DefinitionError(graph.name, f"guard {atom.name!r}", problem, mend)


def _check_order(model: str, where: str, support: Support) -> None:
    """The strongest evidence comes first: it is what a reader is told of."""
    ranks = [list(Confidence).index(one.confidence) for one in support]
    if ranks != sorted(ranks):
        listed = ", ".join(one.confidence for one in support)
        mend = f"put them into the order {', '.join(Confidence)}"
        raise DefinitionError(model, where, f"its evidence is not in order: {listed}", mend)


def _check_policies(graph: TransitionGraph) -> None:
    known = {policy.name: policy for policy in graph.policies}
    if len(known) < len(graph.policies):
        raise DefinitionError(graph.name, "policies", "one name stands for two policies", "rename one")
    taken: dict[str, set[str]] = {name: set() for name in known}
    for row in graph.every_row:
        guards = row.guard.atoms() if row.guard else ()
        for choice in filter(None, (row.under, *(guard.only_under for guard in guards))):
            if choice.policy not in known:
                mend = "add the policy to the graph's policies"
                raise DefinitionError(graph.name, f"row {str(row)!r}", f"unknown policy {choice.policy!r}", mend)
            if choice.option not in known[choice.policy].options:
                mend = f"use one of {', '.join(known[choice.policy].options)}"
                raise DefinitionError(graph.name, f"row {str(row)!r}", f"unknown option {choice.option!r}", mend)
        if row.under:
            taken[row.under.policy].add(row.under.option)
    elsewhere = {policy.name for operation in graph.operations for field in operation.fields for policy in field.reads}
    elsewhere.update(policy.name for policy in (getattr(graph.many, name, None) for name in NUMBERING) if policy)
    for policy in graph.policies:
        _check_policy(graph, policy, None if policy.name in elsewhere else taken[policy.name])
    for choice in graph.settings:
        if choice.policy not in known or choice.option not in (OPEN, *known[choice.policy].options):
            mend = "choose options with with_policies(...)"
            raise DefinitionError(graph.name, f"setting '{choice}'", "names no policy and option of the graph", mend)


def _check_policy(graph: TransitionGraph, policy: Policy, taken: set[str] | None) -> None:
    """Check one policy; `taken` are the options that rows are under, None where something else reads it too."""
    where = f"policy {policy.name!r}"
    if len(set(policy.options)) < max(2, len(policy.options)) or OPEN in policy.options:
        mend = f"give it two options or more, each once, none of them {OPEN!r}"
        raise DefinitionError(graph.name, where, f"leaves nothing to choose among {list(policy.options)}", mend)
    if policy.default not in (OPEN, *policy.options):
        mend = f"choose one of {(OPEN, *policy.options)}"
        raise DefinitionError(graph.name, where, f"no option {policy.default!r}", mend)
    _check_sources(graph.name, where, policy.evidence)
    if taken is None:
        return
    if not taken:
        mend = f"put rows under its options (under=policy[{policy.options[0]!r}]), or take it out"
        raise DefinitionError(graph.name, where, "no row is under any of its options", mend)
    unused = [option for option in policy.options if option not in taken]
    if len(unused) > 1:
        mend = "put a row under all of them but one, or take them out"
        said = " or ".join(map(repr, unused))
        raise DefinitionError(graph.name, where, f"no row is under {said}, so that they mean the same", mend)


def check_service(service: "Service") -> None:
    """Raise a DefinitionError for the first thing wrong with how the parts of a service fit together."""
    names = [graph.part for graph in service.parts]
    if len(set(names)) < len(names):
        raise DefinitionError(service.name, "parts", f"one name stands for two of {names}", "rename one")
    _check_shared(service)
    policies = {policy.name: policy for graph in service.parts for policy in graph.policies}
    invariants: set[str] = set()
    for invariant in service.invariants:
        _check_invariant(service, invariant, names, policies)
        if invariant.name in invariants:
            raise DefinitionError(service.name, f"invariant {invariant.name!r}", "is there twice", "rename one")
        invariants.add(invariant.name)
    known = {event for graph in (*service.parts, *service.around) for event in graph.events}
    for graph in service.parts:
        for event in graph.follows:
            if isinstance(event, Event) and event not in known:
                raise DefinitionError(graph.name, f"follows {event.name!r}", "no row mentions it", "take it out")
    if len(service.parts) + len(service.around) > 1:
        _check_mentions(service, sorted({graph.part for graph in (*service.parts, *service.around)}))


def _check_shared(service: "Service") -> None:
    """What parts share by name is one thing, and no call has the name of a hidden move."""
    named: dict[str, dict[str, object]] = {"operation": {}, "event": {}, "policy": {}}
    for graph in service.parts:
        for kind, shared in (("operation", graph.operations), ("event", graph.events), ("policy", graph.policies)):
            for one in shared:
                if named[kind].setdefault(one.name, one) != one:
                    mend = f"let all parts share one {kind.capitalize()} object"
                    raise DefinitionError(service.name, f"{kind} {one.name!r}", "differs between parts", mend)
    for name in named["event"]:
        if name in named["operation"]:
            mend = "give one of them another name"
            raise DefinitionError(service.name, f"event {name!r}", "is an operation of another part", mend)


def _check_invariant(
    service: "Service", invariant: "Invariant", names: list[str], policies: Mapping[str, Policy]
) -> None:
    where = f"invariant {invariant.name!r}"
    if not invariant.about:
        raise DefinitionError(service.name, where, "speaks of no part", f"name parts among {names}")
    for part in invariant.about:
        if part not in names:
            raise DefinitionError(service.name, where, f"speaks of {part!r}", f"name parts among {names}")
    for choice in invariant.under:
        if choice.policy not in policies:
            mend = f"use one of {', '.join(sorted(policies))}" if policies else "take it out: no part has a policy"
            raise DefinitionError(service.name, where, f"unknown policy {choice.policy!r}", mend)
        if choice.option not in (OPEN, *policies[choice.policy].options):
            mend = f"use one of {', '.join((OPEN, *policies[choice.policy].options))}"
            raise DefinitionError(service.name, where, f"unknown option {str(choice)!r}", mend)
    _check_sources(service.name, where, invariant.evidence)


def _check_mentions(service: "Service", names: list[str]) -> None:
    """What guards, data and lists say of other parts is said of parts that are there."""
    for graph in service.parts:
        for where, part in _mentions(graph):
            if part not in names:
                mend = f"name a part among {names}, or add the part to the service"
                raise DefinitionError(graph.name, where, f"unknown part {part!r}", mend)


def _mentions(graph: TransitionGraph) -> Iterable[tuple[str, str]]:
    for row in graph.every_row:
        for atom in row.guard.atoms() if row.guard else ():
            for part in atom.looks_at:
                yield f"guard {atom.name!r} of row {str(row)!r}", part
    for field in attrs.fields(graph.data) if graph.data is not None else ():
        if REFERENCE in field.metadata:
            yield f"field {field.name!r} of its data", field.metadata[REFERENCE][0]
    for operation in graph.operations:
        if operation.listing is not None and operation.listing.part is not None:
            yield f"list {operation.listing.name!r} of {operation.name}", operation.listing.part
