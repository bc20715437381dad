"""What a finding comes to, in one sentence for somebody who has never seen the model."""

import json

from statemodel.testing.report import Finding

REFUSED = "refused with "


def sentence(found: Finding) -> str:
    """What happened, and why it is wrong."""
    op, _, said = found.got.partition(": ")
    code = said.removeprefix("refused, ")
    match found.code:
        case "SM101":
            value = (found.reason or "a value is none of those").partition(" is none of ")[0]
            return f"{op} showed {value}, a value that the model does not know."
        case "SM302":
            if found.afterwards and found.afterwards != said:
                again = f"{op}, called once more at once, was {found.afterwards}"
                return f"{found.resource}: {found.reason}; {again}. So the answer before that was stale."
            still = ", and still is when it is read once more" if found.afterwards else ""
            return f"{found.resource} got stuck: {found.reason}{still}; the service owes it a move."
        case "SM303":
            return f"{op} was answered four times in a row with {code}, an error that should pass by itself."
    if code != said:
        return _refused(op, code, found)
    return _accepted(op, found)


def _refused(op: str, code: str, found: Finding) -> str:
    accepts, refuses = possible(found)
    if refuses and accepts:
        return f"{op} was refused with {code}; there it may be accepted, or refused with other codes only."
    if refuses:
        return f"{op} was refused, which is right, but with {code}, a code that does not belong there."
    return f"{op} was refused with {code} where it must be accepted."


def _accepted(op: str, found: Finding) -> str:
    accepts, refuses = possible(found)
    if refuses and not accepts:
        return f"{op} was accepted where it must be refused."
    if found.reason and found.code == "SM203" and " was asked for" in found.reason:
        return f"{op} gave {found.reason}."
    if found.reason and found.code == "SM203":
        return f"{op}: {found.reason}, which cannot follow from the steps before it."
    if found.wrong:
        values = ", ".join(f"{name} {shown(found, name)}" for name in found.wrong)
        if len(found.wrong) > 1 and len(found.expected) > 1:
            return f"{op} showed {values}, which do not go together after the steps before it."
        return f"{op} showed {values}, which cannot follow from the steps before it."
    return f"{op} gave an answer that cannot follow from the steps before it."


def possible(found: Finding) -> tuple[bool, bool]:
    """Whether the call may have been accepted, and whether it may have been refused."""
    kinds = [line.partition(": ")[2].startswith(REFUSED) for line in found.expected]
    return not all(kinds), any(kinds)


def shown(found: Finding, name: str) -> str:
    """What the last step showed under a name."""
    reply = found.script[-1].reply if found.script else None
    value: object = None if reply is None else reply.result
    for word in name.split("."):
        value = value.get(word) if isinstance(value, dict) else None
    return json.dumps(value, ensure_ascii=False)
