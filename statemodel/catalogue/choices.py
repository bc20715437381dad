"""Which option of a policy is in force, for guards that hang on two policies and for lists."""

from functools import lru_cache
from typing import Any

from statemodel.model.evidence import OPEN, Policy


def holds(view: Any, policy: Policy, option: str) -> bool | None:
    """Whether an option is in force where a view looks from; None where its policy is open."""
    found = _options(view.system).get(policy.name, OPEN)
    return None if found == OPEN else found == policy[option].option


def both(*truths: bool | None) -> bool | None:
    """Whether all of these hold, of which each may be open."""
    return False if False in truths else None if None in truths else True


@lru_cache(maxsize=64)
def _options(system: Any) -> dict[str, str]:
    return {name: option for graph in system.service.parts for name, option in graph.chosen().items()}
