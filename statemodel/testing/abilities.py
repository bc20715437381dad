"""Which abilities of a client make a difference with a model."""

from statemodel.model.graph import Initiator
from statemodel.model.operation import Subject
from statemodel.semantics import System


def useful(system: System) -> frozenset[str]:
    """The abilities that make a difference with a model."""
    parameters = [one for operation in system.operations.values() for one in operation.parameters]
    fields = [field.name for operation in system.operations.values() for field in operation.fields]
    initiators = {event.initiator for event in system.service.events}
    subjects = {one.subject for one in parameters}
    found = {
        "clock": Initiator.SERVICE in initiators,
        "outcome": Initiator.SERVICE in initiators,
        "environment": Initiator.ENVIRONMENT in initiators,
        "content": Subject.CONTENT in subjects or "content" in fields,
        "parameters": bool(subjects & {Subject.VALUE, Subject.FLAG}),
        "paging": any(one.listing is not None and one.listing.paging for one in system.operations.values()),
        "publish": any(one.name in ("Publish", "publish") for one in parameters),
    }
    return frozenset(ability for ability, is_useful in found.items() if is_useful)
