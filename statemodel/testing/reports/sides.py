"""What would have been right instead of what came, in words. Reads findings; must not know where they are shown."""

from statemodel.testing.report import Finding
from statemodel.testing.reports.sentence import possible


def expected(found: Finding) -> tuple[str, ...]:
    """What the model allows in place of what was got, one entry a kind of answer; nothing where nobody can say.

    Where the answer was right but for some fields, these fields; where it should not have been refused, what it may
    have been instead.
    """
    match found.code:
        case "SM101" if found.reason:
            return (found.reason.partition(" is none of ")[2],)
        case "SM302":
            return ("another state by now, or none",)
        case "SM303":
            return ("an answer of the operation within four tries",)
    every = tuple(line.partition(": ")[2] for line in found.expected)
    if found.wrong:
        return tuple(line for line in every if line.split(" ")[0] in found.wrong) or every
    if every and possible(found)[0] and not found.got.partition(": ")[2].startswith("refused"):
        return tuple(line for line in every if not line.startswith("refused")) or every
    return every
