"""How long the phases of a run take. Knows no phase."""

from time import monotonic


class Stopwatch:
    """Lays the time that passes at the door of phases.

    >>> watch = Stopwatch()
    >>> watch.spend("cover")
    >>> [(phase, seconds < 60) for phase, seconds in watch.spent]
    [('cover', True)]
    """

    def __init__(self) -> None:
        self._began = self._marked = monotonic()
        self._spent: dict[str, float] = {}

    def spend(self, phase: str) -> None:
        """The time since this was last done, or since the beginning, belongs to that phase."""
        before, self._marked = self._marked, monotonic()
        self._spent[phase] = self._spent.get(phase, 0.0) + self._marked - before

    @property
    def spent(self) -> tuple[tuple[str, float], ...]:
        """Seconds that belong to each phase."""
        return tuple(self._spent.items())

    @property
    def seconds(self) -> float:
        """All the time since the beginning."""
        return monotonic() - self._began
