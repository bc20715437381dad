"""Long work leaves the collector of garbage little to do: what is worked out is kept, and nothing of it is in circles.

Left alone it looks at all of that again and again, for a fifth of the whole time.
"""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

UNHURRIED: Final = (20_000, 20, 10)


@contextmanager
def kept_apart() -> Iterator[None]:
    """Within, the collector comes by less often and leaves alone what was there before; afterwards all is as it was."""
    before = gc.get_threshold()
    is_ours = not gc.get_freeze_count()
    if before[0]:
        gc.set_threshold(*UNHURRIED)
    if is_ours:
        gc.freeze()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if is_ours:
            gc.unfreeze()


def left_at_exit() -> None:
    """Let the process end without the collector looking through everything once more, which takes seconds."""
    atexit.register(gc.freeze)
