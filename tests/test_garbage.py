"""The collector of garbage is left as it was found."""

import gc
import subprocess
import sys

import pytest

from statemodel.testing.garbage import UNHURRIED, kept_apart


@pytest.fixture(autouse=True)
def own_settings():
    """Whatever a test does to the collector is undone."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_was_there_is_left_alone_meanwhile():
    """Within, older objects are frozen and the collector waits longer; afterwards neither."""
    gc.set_threshold(600, 9, 8)
    with kept_apart():
        assert gc.get_freeze_count() > 1_000
        assert gc.get_threshold() == UNHURRIED
    assert gc.get_freeze_count() == 0
    assert gc.get_threshold() == (600, 9, 8)


def test_trouble_changes_nothing_of_that():
    """An error within leaves nothing behind."""
    with pytest.raises(KeyError), kept_apart():
        raise KeyError
    assert gc.get_freeze_count() == 0


def test_what_somebody_else_froze_stays_frozen():
    """Whoever froze objects before keeps them so, and one within another does no harm."""
    gc.freeze()
    with kept_apart(), kept_apart():
        pass
    assert gc.get_freeze_count() > 1_000


def test_a_collector_that_is_off_stays_off():
    """Whoever set the first threshold to nothing wants no collection."""
    gc.set_threshold(0, 9, 8)
    with kept_apart():
        assert gc.get_threshold()[0] == 0


@pytest.mark.parametrize(("is_left", "said"), [(True, ""), (False, "collected\n")])
def test_a_process_may_end_without_a_last_collection(is_left, said):
    """What stands in circles is not looked for at the end."""
    lines = [
        "from statemodel.testing.garbage import left_at_exit",
        "class Circle:",
        "    def __init__(self): self.own = self",
        "    def __del__(self): print('collected')",
        "one = Circle()",
        *(["left_at_exit()"] if is_left else []),
    ]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True)  # noqa: S603  # our own
    assert done.stdout == said
