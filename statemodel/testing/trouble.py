"""What no conforming client does, where it was met, and how a walk ends by it. Calls nobody."""

import attrs

from statemodel.testing.script import Step


@attrs.frozen
class Trouble:
    """Something that no conforming client does, where it was met.

    Attributes:
        code: what kind of thing it is.
        resource: the resource it was seen on.
        step: the step it was seen at.
        reason: what it is, where the code alone does not say.
        about: the part and the state it is about, where it is no single answer.
    """

    code: str
    resource: str
    step: Step
    reason: str | None = None
    about: tuple[str, ...] = ()


@attrs.frozen
class Found:
    """Trouble, and everything done since the last reset."""

    trouble: Trouble
    script: tuple[Step, ...]


class TroubleError(Exception):
    """Ends a walk; holds the trouble. Never leaves the suite."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble
