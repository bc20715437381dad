"""What each status means to a waiter, beside a reading of the graph by brute force that shares no code with it."""

from itertools import product

import pytest

from statemodel.errors import UsageError
from statemodel.registry import MODELS, model
from statemodel.show import document
from statemodel.waiters import Verdict, waiter

READ = {
    "scf.function": "GetFunction", "scf.billing": "GetFunction", "scf.version": "GetFunction",
    "scf.layer": "GetLayerVersion", "scf.async_event": "GetAsyncEventStatus", "fc.function": "getFunction",
    "fc.async_task": "getAsyncTask", "scf.alias": "GetAlias", "fc.alias": "getAlias", "fc.version": "getFunction",
    "fc.invocation": "getFunction",
}
ASKED_FOR = {"called while inactive"}  # by an invocation: not a move to count on


# ------------------------------------------------------------------------------------------------- by brute force


class Graph:
    """A model as its document tells it: states, hidden moves under every option, what a read shows."""

    def __init__(self, name, graph=None):
        self.said, read = document(graph or model(name)), READ[name]
        self.kinds = {state["name"]: state["kind"] for state in self.said["states"]}
        self.moves = [row for row in self.said["transitions"]
                      if row["initiator"] == "service" and row["event"] not in ASKED_FOR]
        self.shows = next(one["shows"] for one in self.said["operations"] if one["name"] == read)

    def all_moves(self):
        """Pairs of states that the service may move between under some option."""
        return {pair for _, moves in self.worlds() for pair in moves}

    def worlds(self):
        """For every way to settle open policies: pairs of states that the service may move between."""
        chosen = {one["name"]: one["chosen"] for one in self.said["policies"]}
        asked = sorted({row["policy"].split(" = ")[0] for row in self.moves if "policy" in row})
        options = [[option for option in one["options"] if chosen[name] in ("open", option)]
                   for name in asked for one in self.said["policies"] if one["name"] == name]
        for picked in product(*options):
            settled = {f"{name} = {option}" for name, option in zip(asked, picked, strict=True)}
            yield settled, {(row["source"], row["target"]) for row in self.moves
                            if row.get("policy") is None or row["policy"] in settled}

    def there(self, settled):
        """States that anything leads to under these options."""
        asked = {one.split(" = ")[0] for one in settled}
        rows = [row for row in self.said["transitions"]
                if row.get("policy") is None or row["policy"] in settled or row["policy"].split(" = ")[0] not in asked]
        found, size = {self.said["initial"]}, 0
        while size < len(found):
            size = len(found)
            found |= {row["target"] for row in rows if row["source"] in found}
        return found | ({"Absent"} & set(self.kinds))

    def may_show(self, state, reading, names):
        """(whether a state may show a reading, whether it can show nothing else)."""
        shown = self.shows[state]
        codes, result = shown.get("error", []), shown.get("result")
        if reading.fields is None:
            return reading.error in codes or "*" in codes, result is None
        if result is None:
            return False, False
        values = [result.get(name) for name in names]
        fits = all(known is None or value in known for value, known in zip(reading.fields, values, strict=True))
        return fits, fits and not codes and all(known is not None and len(known) == 1 for known in values)


def reaches(moves, start, target):
    """Whether some moves lead from one state to another."""
    found, frontier = {start}, [start]
    while frontier:
        here = frontier.pop()
        for source, to in moves:
            if source == here and to not in found:
                found.add(to)
                frontier.append(to)
    return target in found


def expected(graph, target, reading, names):
    """What a reading means by the document alone."""
    verdicts = set()
    for settled, moves in graph.worlds():
        there = graph.there(settled)
        fitting = {state: graph.may_show(state, reading, names) for state in there}
        states = {state for state, (fits, _) in fitting.items() if fits}
        if not states:
            continue
        sure = {state for state in states if fitting[state][1]}
        if target in states and (states == {target} or len({graph.kinds[state] for state in states}) == 1):
            verdicts.add("success")
            continue
        judged = (sure or states) if target in states else states
        if judged == {target}:
            verdicts.add("success")
        elif target in judged:
            verdicts.add("unknown")
        else:
            verdicts.add("retry" if any(reaches(moves, state, target) for state in judged) else "failure")
    return verdicts.pop() if len(verdicts) == 1 else "unknown"


@pytest.mark.parametrize("name", sorted(READ))
def test_every_status_for_every_target_as_by_brute_force(name):
    """A waiter for any state classifies every reading as the rows of the model's document do."""
    graph = Graph(name)
    compared = 0
    for target in graph.kinds:
        try:
            made = waiter(model(name), until=target)
        except UsageError:
            continue
        for row in made.rows:
            assert (target, row.shown, str(row.verdict)) == (
                target, row.shown, expected(graph, target, row.reading, made.names))
            compared += 1
    assert compared >= len(graph.kinds)


@pytest.mark.parametrize("name", sorted(READ))
def test_no_failed_status_is_taken_for_success(name):
    """A reading that may stand for a failed state ends well only where somebody waits for that state."""
    graph = Graph(name)
    for target in graph.kinds:
        try:
            made = waiter(model(name), until=target)
        except UsageError:
            continue
        for row in made.rows:
            sure = {state for state in row.judgement.states if graph.may_show(state, row.reading, made.names)[1]}
            failed = {state for state in sure if graph.kinds[state] == "failed"} - {target}
            assert not (failed and row.verdict is Verdict.SUCCESS), (target, row.shown)


def test_the_models_without_a_status_are_these():
    """Every other model of one graph can be waited for; and a service stands for its first part."""
    without = []
    for name, each in MODELS.items():
        try:
            waiter(each, until=[state.name for state in getattr(each, "parts", (each,))[0].states])
        except UsageError as error:
            without.append((name, str(error)))
    assert without == [("fc.account", "unknown model with a read that shows a status: 'fc.account'")]
