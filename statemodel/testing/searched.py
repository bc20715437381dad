"""What an exhaustive search of a client came to, as a value. Knows nothing of how it is done."""

import attrs

from statemodel.testing.script import Step
from statemodel.testing.trouble import Trouble


@attrs.frozen
class Lockstep:
    """What a search came to.

    Attributes:
        model: name of the model.
        trouble: what no conforming client does, or None where there was nothing of the kind.
        script: the fewest deeds that lead to it, the last step of which shows it.
        states: pairs of a belief and a state of the client that were seen.
        checks: answers that were judged.
        depth: deeds of the longest script that was tried.
        versions, resources: the bound: greatest number of a version, and how many resources were spoken of.
        is_exhaustive: whether everything within the bound was seen.
        reached: every script of so many deeds was tried; of any number, if everything was seen.
        is_cut: whether the budget ended it.
        is_steady: whether the same was answered when it was done again, and never too much was possible.
        told_by: what told states of the client apart: "fingerprint", or "belief" where it has none.
        left_out: calls that were not made, in words.
        seconds: how long it took.
    """

    model: str
    trouble: Trouble | None
    script: tuple[Step, ...]
    states: int
    checks: int
    depth: int
    versions: int
    resources: int
    is_exhaustive: bool
    told_by: str
    left_out: tuple[str, ...]
    seconds: float
    reached: int = 0
    is_cut: bool = False
    is_steady: bool = True

    @property
    def is_proof(self) -> bool:
        """Whether nothing was found, and nothing can be within the bound."""
        return self.trouble is None and self.is_exhaustive and self.told_by == "fingerprint"

    @property
    def is_sure(self) -> bool:
        """Whether no script of `reached` deeds can show anything, of any number if everything was seen."""
        return self.trouble is None and self.is_steady and self.told_by == "fingerprint"

    @property
    def checks_per_s(self) -> float:
        """Answers judged a second."""
        return self.checks / max(self.seconds, 1e-9)

    def __str__(self) -> str:
        speed = f"{self.checks} checks, {self.checks_per_s:,.0f} a second"
        seen = f"{self.states} states of model and client together, {speed}"
        if self.trouble is not None:
            return f"{self.model}: {self.trouble.code} after {len(self.script)} steps; {seen}"
        end = "nothing found, everything seen" if self.is_exhaustive else "nothing found, not everything seen"
        bound = f"up to version {self.versions}, {self.resources} resource{'s' if self.resources > 1 else ''}"
        return f"{self.model}: {end} {bound}, told apart by {self.told_by}; {seen}"
