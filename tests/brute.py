"""An oracle that knows nothing but an unfolded system: sets of configuration numbers, every edge tried."""

from collections import defaultdict
from random import Random


class Brute:
    """Judges histories by a document of `show --format lts`."""

    def __init__(self, document):
        self.size = len(document["configurations"])
        self.initial = frozenset(document["initial"])
        self.calls = defaultdict(list)
        self.silent = defaultdict(list)
        self.out = defaultdict(list)
        for edge in document["edges"]:
            if "op" in edge:
                self.calls[edge["op"], _frozen(edge["args"])].append(edge)
                self.out[edge["from"]].append(edge)
            else:
                self.silent[edge["from"]].append(edge)

    def closed(self, belief):
        """The configurations that hidden moves may have made of some."""
        found, frontier = set(belief), list(belief)
        while frontier:
            for edge in self.silent[frontier.pop()]:
                if edge["to"] not in found:
                    found.add(edge["to"])
                    frontier.append(edge["to"])
        return found

    def conforms(self, records, start):
        """Whether some run explains the records."""
        belief = set(self.initial) if start == "absent" else set(range(self.size))
        for record in records:
            belief = self.closed(belief)
            edges = self.calls[record["op"], _frozen(record.get("args", {}))]
            belief = {edge["to"] for edge in edges if edge["from"] in belief and _answers(edge["answer"], record)}
            if not belief:
                return False
        return True

    def history(self, random: Random, start, length):
        """A run of the system as a caller sees it, then with a chance one record made another."""
        here = random.choice(sorted(self.initial)) if start == "absent" else random.randrange(self.size)
        records = []
        for _ in range(length):
            for _ in range(random.choice((0, 0, 1, 2))):
                if self.silent[here]:
                    here = random.choice(self.silent[here])["to"]
            if not self.out[here]:
                break
            moving = [edge for edge in self.out[here] if edge["to"] != here]
            edge = random.choice(moving) if moving and random.random() < 0.5 else random.choice(self.out[here])
            records.append(_record(edge))
            here = edge["to"]
        if records and random.random() < 0.6:
            self._spoil(random, records)
        return records

    def _spoil(self, random, records):
        place = random.randrange(len(records))
        kind = random.choice(("answer", "drop", "swap", "call"))
        if kind == "drop" and len(records) > 1:
            del records[place]
        elif kind == "swap" and place + 1 < len(records):
            records[place], records[place + 1] = records[place + 1], records[place]
        elif kind == "call":
            records[place] = _record(random.choice(random.choice(list(self.calls.values()))))
        else:
            same = self.calls[records[place]["op"], _frozen(records[place].get("args", {}))]
            records[place] = _record(random.choice(same))


def _record(edge):
    return {"resource": "r", "op": edge["op"], "args": dict(edge["args"]), **edge["answer"]}


def _frozen(args):
    return tuple(sorted((name, str(value)) for name, value in args.items()))


def _answers(answer, record):
    if "error" in record:
        return "error" in answer and ("*" in (record["error"], answer["error"]) or answer["error"] == record["error"])
    return "result" in answer and _agree(answer["result"], record["result"])


def _agree(shown, recorded):
    """Whether an answer may show what was recorded; a field that the document leaves out may show anything."""
    for name, value in recorded.items():
        if name not in shown:
            continue
        if isinstance(value, list):
            if not _paired(shown[name], value):
                return False
        elif isinstance(value, dict):
            if not _agree(shown[name], value):
                return False
        elif shown[name] != value:
            return False
    return True


def _paired(shown, recorded):
    """Whether each entry recorded agrees with one shown, and none is left over."""
    left = list(shown)
    for entry in recorded:
        partner = next((one for one in left if _agree(one, entry)), None)
        if partner is None:
            return False
        left.remove(partner)
    return not left
