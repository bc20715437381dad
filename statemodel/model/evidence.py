"""Where a modelled fact comes from, and what is left open. Knows nothing of graphs."""

from enum import StrEnum

import attrs


class Confidence(StrEnum):
    """How well a fact is supported, best first."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    CLIENT_CODE = "client code"
    INFERRED = "inferred"


@attrs.frozen
class Source:
    """One place where a fact can be read.

    Attributes:
        key: short name, unique within a catalogue.
        place: document, package or recorded case, precise enough to find it again.
        date: date of the document or recording where one is known.
    """

    key: str
    place: str
    date: str | None = None

    def __str__(self) -> str:
        return f"{self.key}: {self.place}" + (f" ({self.date})" if self.date else "")


@attrs.frozen
class Evidence:
    """Sources that agree on one fact, and the kind of support they give."""

    confidence: Confidence
    sources: tuple[Source, ...]
    note: str | None = None


Support = tuple[Evidence, ...]


def documented(*sources: Source, note: str | None = None) -> Support:
    """Support from the vendor's own pages or SDK comments; add others with `+`, the strongest first."""
    return (Evidence(Confidence.DOCUMENTED, sources, note),)


def observed(*sources: Source, note: str | None = None) -> Support:
    """Support from recorded real answers."""
    return (Evidence(Confidence.OBSERVED, sources, note),)


def client_code(*sources: Source, note: str | None = None) -> Support:
    """Support from a real client whose author believed the fact."""
    return (Evidence(Confidence.CLIENT_CODE, sources, note),)


def inferred(*sources: Source, note: str | None = None) -> Support:
    """Nothing states the fact; the sources only make it likely."""
    return (Evidence(Confidence.INFERRED, sources, note),)


OPEN = "open"


@attrs.frozen
class Choice:
    """One option of a policy; a row tagged with it holds only under that option."""

    policy: str
    option: str

    def __str__(self) -> str:
        return f"{self.policy} = {self.option}"


@attrs.frozen
class Policy:
    """A named choice on a point that the sources leave open.

    Attributes:
        name: how it is chosen, such as "delete_while_creating".
        question: the unknown or contradiction behind it, in one sentence.
        options: the possible answers.
        default: the option the evidence supports, or "open" where it supports none.
        evidence: what was found on either side.
    """

    name: str
    question: str
    options: tuple[str, ...]
    default: str = OPEN
    evidence: Support = ()

    def __getitem__(self, option: str) -> Choice:
        if option not in self.options:
            raise KeyError(option)
        return Choice(self.name, option)
