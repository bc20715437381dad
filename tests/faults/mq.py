"""A small model of one's own, a client that behaves like it, and faults planted in that client."""

import argparse
import sys
from pathlib import Path

from stdio import serve

from statemodel import (
    Action,
    Field,
    Kind,
    Operation,
    Parameter,
    Refusal,
    Source,
    State,
    Subject,
    Transition,
    TransitionGraph,
    documented,
    service,
)

PAGE = documented(Source("PAGE", "the service's page on queues", "2026-05"))
NAME = Parameter("QueueName", Subject.IDENTITY, required=True)
CREATE = Operation("CreateQueue", Action.CALL, (NAME,))
DELETE = Operation("DeleteQueue", Action.CALL, (NAME,))
STATUS = Field("Status", lambda view: (view.state("queue"),), ("Creating", "Active", "Failed"))
GET = Operation("GetQueue", Action.READ, (NAME,), fields=(STATUS,))
LIVE = ("Creating", "Active", "Failed")
QUEUE = TransitionGraph(
    "mq.queue",
    "One queue.",
    states=(
        State("Absent", Kind.ABSENT, "No such queue."),
        State("Creating", Kind.WORKING, "Being created."),
        State("Active", Kind.RESTING, "Takes messages."),
        State("Failed", Kind.FAILED, "Somebody must delete it."),
    ),
    transitions=(
        Transition("Absent", CREATE, "Creating", evidence=PAGE),
        Transition("Creating", service("created"), "Active", evidence=PAGE),
        Transition("Creating", service("not created"), "Failed", evidence=PAGE),
        Transition(("Active", "Failed"), DELETE, "Absent", evidence=PAGE),
        Transition(LIVE, GET, evidence=PAGE),
    ),
    refusals=(
        Refusal(LIVE, CREATE, "QueueExists", evidence=PAGE),
        Refusal("Creating", DELETE, "QueueBusy", evidence=PAGE),
        Refusal("Absent", DELETE, "NoSuchQueue", evidence=PAGE),
        Refusal("Absent", GET, "NoSuchQueue", evidence=PAGE),
    ),
)


class Queues:
    """Queues that take five seconds to be there."""

    abilities = ("CreateQueue", "DeleteQueue", "GetQueue", "clock", "outcome")

    def __init__(self):
        self.reset()

    def reset(self):
        self.queues = {}
        self.goes_wrong = False

    def call(self, op, args):
        name = args["QueueName"]
        code = self.against(op, self.status(name))
        if code is not None:
            return {"error": code}
        return {"result": getattr(self, op)(name)}

    def against(self, op, status):
        if op == "CreateQueue":
            return None if status is None else "QueueExists"
        if status is None:
            return "NoSuchQueue"
        return "QueueBusy" if op == "DeleteQueue" and status == "Creating" else None

    def status(self, name):
        return self.queues[name][0] if name in self.queues else None

    def CreateQueue(self, name):  # noqa: N802
        self.queues[name] = ("Creating", 5)
        return {}

    def DeleteQueue(self, name):  # noqa: N802
        del self.queues[name]
        return {}

    def GetQueue(self, name):  # noqa: N802
        return {"Status": self.status(name)}

    def advance(self, seconds):
        for name, (status, left) in self.queues.items():
            if status == "Creating":
                ended = "Failed" if self.goes_wrong else "Active"
                self.queues[name] = ("Creating", left - seconds) if left > seconds else (ended, 0)
                self.goes_wrong &= left > seconds

    def outcome(self, event):
        self.goes_wrong = event == "not created"
        return True


class Hasty(Queues):
    """A queue can be deleted while it is created."""

    def against(self, op, status):
        return super().against(op, "Active" if op == "DeleteQueue" and status else status)


class Misspelt(Queues):
    """A queue that is there is refused with a code of another service."""

    def against(self, op, status):
        code = super().against(op, status)
        return "AlreadyExists" if code == "QueueExists" else code


class Stuck(Queues):
    """Creation never ends."""

    def advance(self, seconds):
        pass


class Strange(Queues):
    """Queues that are there have a status of their own."""

    def status(self, name):
        status = super().status(name)
        return "Ready" if status == "Active" else status


class Throttled(Queues):
    """Nothing is ever deleted."""

    def against(self, op, status):
        return "RequestLimitExceeded" if op == "DeleteQueue" else super().against(op, status)


class Forgetful(Queues):
    """Reset forgets only every second time."""

    resets = 0

    def reset(self):
        self.resets += 1
        if self.resets % 2:
            super().reset()


class Reading(Queues):
    """Queues can only be read."""

    abilities = ("GetQueue",)


class Elsewhere(Queues):
    """It offers nothing of the model."""

    abilities = ("GetQueu", "SendMessage")


class Wordy(Queues):
    """It offers more than the model has, and talks on standard output."""

    abilities = (*Queues.abilities, "CreateQueu", "SendMessage")

    def call(self, op, args):
        print("calling", op)  # noqa: T201
        return super().call(op, args)


class Broken(Queues):
    """It raises."""

    def call(self, op, args):
        raise OSError(f"no way to {op} {args}")


def main():
    """Serve on standard input and output."""
    parser = argparse.ArgumentParser(description="Queues.")
    parser.add_argument("--fault", default="Queues")
    serve(globals()[parser.parse_args().fault]())


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main()
