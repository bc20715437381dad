"""What every service here does with time: pieces of work that end later, one way or another."""

from itertools import count
from random import Random


class Work:
    """Something under way: what ends it, and when."""

    def __init__(self, kind, due, number):
        self.kind = kind
        self.due = due
        self.number = number


class Working:
    """A clock, the outcomes asked for, and the options of a service."""

    OUTCOMES = {}
    CHOICES = {}
    OPERATIONS = ()

    def __init__(self, *, lag=10, unit="seconds", order="first", spelling="first", luck=None, without=(), choices=()):
        self.lag = lag
        self.unit = unit
        self.order = order
        self.spelling = spelling
        self.luck = luck
        self.choices = {name: some[0] for name, some in self.CHOICES.items()}
        for name, option in dict(choices).items():
            if option not in self.CHOICES[name]:
                raise ValueError(f"{name}={option}: known are {', '.join(self.CHOICES[name])}")
            self.choices[name] = option
        able = ("outcome", "environment", "content", "parameters", "paging", "publish")
        clock = ("clock",) if unit == "seconds" else ()
        self.abilities = tuple(one for one in (*self.OPERATIONS, *clock, *able) if one not in without)
        self.start()

    def start(self):
        """Begin anew."""
        self.now = 0
        self.numbers = count(1)
        self.steered = {}
        self.random = None if self.luck is None else Random(self.luck)
        self.begin()

    def reset(self):
        """Forget everything."""
        self.start()

    def chosen(self, name):
        """How this service settles an open point."""
        return self.choices[name]

    def accepts(self, name):
        """Whether an open point is settled so that the call is accepted."""
        return self.choices[name] == "accepted"

    def refuses(self, name):
        """Whether an open point is settled so that the call is refused."""
        return self.choices[name] == "refused"

    def work(self, kind, after=None):
        """Something that begins now, or when something else ended, and ends a lag later."""
        return Work(kind, (self.now if after is None else after) + self.lag, next(self.numbers))

    def advance(self, seconds):
        """Let time pass: whatever is due ends."""
        self.now += seconds
        self.settle()
        return True

    def outcome(self, event):
        """Let the next work of a kind end so."""
        kind = next((kind for kind, events in self.OUTCOMES.items() if event in events), None)
        if kind is not None:
            self.steered[kind] = event
        return kind is not None

    def how(self, kind, possible=None):
        """How work of a kind ends."""
        possible = possible or self.OUTCOMES[kind]
        if self.steered.get(kind) in possible:
            return self.steered.pop(kind)
        if self.random is not None and self.random.random() < 0.3:
            return self.random.choice(possible)
        return possible[0]

    def settle(self):
        """End all work that is due, in the order in which it is."""
        while ready := [(work.due, work.number, end) for work, end in self.unfinished() if work.due <= self.now]:
            due, _, end = min(ready, key=lambda one: one[:2])
            end(due)

    def call(self, op, args):
        """Do an operation: settle, look for everything that speaks against it, then do it or say one of them."""
        if self.unit == "calls":
            self.now += 1
        self.settle()
        against = [*self.wrong(op, args), *self.against(op, args)]
        if against:
            codes = against[0 if self.order == "first" else -1]
            return {"error": codes[0 if self.spelling == "first" else -1]}
        return {"result": self.do(op, args)}
