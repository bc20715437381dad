"""The stages of a run, the next of them made while the client is waited for."""

from collections.abc import Callable, Iterator

from statemodel.coverage.stages import Stage


class Ahead:
    """Stages in their order, each made when it is asked for, or before, if there was time.

    Args:
        making: gives the stages, and whole numbers in between that say how far the next one is.
        tell: called now and then with such a number while a stage is waited for.
    """

    def __init__(self, making: Iterator[Stage | int], tell: Callable[[int], object] | None = None) -> None:
        self._making = making
        self._tell = tell
        self._ready: list[Stage] = []
        self._error: Exception | None = None
        self._told = 0

    def work(self) -> bool:
        """Do a little of what comes next; whether there is more to do.

        What goes wrong is raised where the stage is asked for: whoever waits for a client has no part in it.
        """
        try:
            made = next(self._making, None)
        except Exception as error:  # noqa: BLE001  # raised later
            self._error = error
            return False
        if isinstance(made, Stage):
            self._ready.append(made)
        elif made is not None:
            self._told = made
        return made is not None

    def __iter__(self) -> Iterator[Stage]:
        """Every stage from the first on, however often it is asked."""
        number, told = 0, -1
        while True:
            while number == len(self._ready):
                if not self.work():
                    if self._error is not None:
                        raise self._error
                    return
                if self._tell is not None and self._told != told and not self._told & 0xFF:
                    self._tell(told := self._told)
            yield self._ready[number]
            number += 1
