"""How functions are compiled with Numba. The only importer of it."""

from collections.abc import Callable
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """The function, compiled where it is first used; kept on disk where that can be."""
    try:
        made = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # nowhere to keep it
        made = numba.njit(nogil=True)(function)
    return made
