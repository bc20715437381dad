"""The errors this library raises. A service that misbehaves is a verdict, never one of these.

StateModelError
├── DefinitionError    a model contradicts itself or leaves something unsaid
├── HistoryError       a history file cannot be read
├── UsageError         a name or value that was asked for does not exist
├── AdapterError       what leads to a client under test does not keep its side of the contract
└── MissingExtraError  a feature needs a package that a plain install does not bring
"""


class StateModelError(Exception):
    """Root of every error raised on purpose."""


class DefinitionError(StateModelError):
    """A model that contradicts itself or leaves something unsaid.

    Attributes:
        model: name of the graph or service.
        row: the row or state at fault, in words.
        problem: what is wrong with it.
        mend: what would put it right.
    """

    def __init__(self, model: str, row: str, problem: str, mend: str) -> None:
        super().__init__(model, row, problem, mend)
        self.model = model
        self.row = row
        self.problem = problem
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.model}: {self.row}: {self.problem}. To mend it: {self.mend}."


class HistoryError(StateModelError):
    """A history that cannot be read.

    Attributes:
        file: name of the file.
        line: line number from 1, or None where the file as a whole is at fault.
        text: the text found there, as it stands.
        expected: what was expected instead.
        mend: what would put it right, or None where that goes without saying.
    """

    def __init__(self, file: str, line: int | None, text: str, expected: str, mend: str | None = None) -> None:
        super().__init__(file, line, text, expected, mend)
        self.file = file
        self.line = line
        self.text = text
        self.expected = expected
        self.mend = mend

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        shown = self.text if len(self.text) <= 120 else self.text[:117] + "..."
        found = f" found '{_printable(shown)}'," if shown else ""
        mend = f". To mend it: {self.mend}." if self.mend else ""
        return f"{place}:{found} expected {self.expected}{mend}"


def _printable(text: str) -> str:
    """The text as it stands, but for what a terminal would act on or not show."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


class UsageError(StateModelError):
    """A name or value that does not exist, with those that do.

    Attributes:
        what: the kind of thing asked for, such as "model".
        given: what was given.
        known: what would have been understood.
        problem: what is wrong with it, where more can be said than that it is unknown; or None.
        mend: what to do about it, or None where that goes without saying.
    """

    def __init__(
        self, what: str, given: str, known: tuple[str, ...] = (), problem: str | None = None, mend: str | None = None
    ) -> None:
        super().__init__(what, given, known, problem, mend)
        self.what = what
        self.given = given
        self.known = known
        self.problem = problem
        self.mend = mend

    def __str__(self) -> str:
        if self.problem is None:
            known = f"; known: {', '.join(self.known)}" if self.known else ""
            return f"unknown {self.what} {self.given!r}{known}"
        is_plain = self.given.isprintable() and self.given and " " not in self.given
        stop = "" if self.problem.endswith("?") else "."
        mend = f" To mend it: {self.mend}." if self.mend else ""
        return f"{self.what} {self.given if is_plain else repr(self.given)}: {self.problem}{stop}{mend}"


class MissingExtraError(StateModelError):
    """A feature that needs an extra which is not installed.

    Attributes:
        feature: what was asked for.
        extra: name of the extra that brings it.
    """

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(feature, extra)
        self.feature = feature
        self.extra = extra

    def __str__(self) -> str:
        return f"{self.feature} needs an extra: pip install 'statemodel[{self.extra}]'"


class AdapterError(StateModelError):
    """What leads to a client under test failed, or gave back what no client may. Says nothing about the client.

    Attributes:
        asked: what was asked for.
        came: what came back instead of an answer.
        expected: what would have been right.
        mend: what to do about it.
        stderr: the last lines a child process wrote to its standard error.
    """

    def __init__(self, asked: str, came: str, expected: str, mend: str, stderr: tuple[str, ...] = ()) -> None:
        super().__init__(asked, came, expected, mend, stderr)
        self.asked = asked
        self.came = came
        self.expected = expected
        self.mend = mend
        self.stderr = stderr

    def __str__(self) -> str:
        text = f"the adapter was asked {self.asked}: {self.came}; expected {self.expected}. To mend it: {self.mend}."
        if not self.stderr:
            return text
        return "\n".join((text, "Last lines of its standard error:", *(f"  {line}" for line in self.stderr)))
