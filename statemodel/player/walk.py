"""What can be walked through: configurations from the beginning on, breadth first, each as a scene."""

from collections import deque

import attrs

from statemodel.configuration import Configuration, apart
from statemodel.player.scenes import Ledger, asked, scene
from statemodel.semantics import System, answers, concerns, hidden
from statemodel.show import Document
from statemodel.unfold import Scope, begun, is_within


@attrs.frozen
class Walk:
    """Configurations that can be walked through.

    Attributes:
        system: the model.
        scope: how many versions there are, and which calls are made.
        configurations: in order of their distance from the first, where everything begins.
        is_whole: whether these are all there are within the scope.
    """

    system: System
    scope: Scope
    configurations: tuple[Configuration, ...]
    is_whole: bool

    def scenes(self, ledger: Ledger) -> list[Document]:
        """A scene for each configuration, in their order."""
        numbers = {one: number for number, one in enumerate(self.configurations)}
        made = asked(self.system, self.scope)

        def place(configuration: Configuration) -> int | None:
            return numbers.get(alike(self.system, configuration))

        return [scene(self.system, (one,), made, ledger, place) for one in self.configurations]


def alike(system: System, configuration: Configuration) -> Configuration:
    """The configuration that stands for all that differ only in content, where content is never compared."""
    return configuration if system.service.compares_content else apart(configuration, 0, 1)


def scope_of(system: System, versions: int) -> Scope:
    """How far a walk goes: one new content, and calls that keep to their defaults where there are several parts."""
    contents = (0, 1) if system.service.compares_content else (0,)
    return Scope(versions, contents, is_plain=len(system.parts) > 1)


def walk(system: System, *, versions: int, most: int) -> Walk:
    """Everything that can be reached from the beginning, nearest first.

    Args:
        system: the model.
        versions: greatest number of a version.
        most: greatest number of configurations.
    """
    scope = scope_of(system, versions)
    made = [one for _, _, one in asked(system, scope)]
    start = alike(system, begun(system, scope))
    found = {start: None}
    queue = deque([start])
    is_whole = True
    while queue:
        here = queue.popleft()
        afters = [step.after for one in made if concerns(system, here, one) for step in answers(system, here, one)]
        afters += [move.after for move in hidden(system, here)]
        for after in (alike(system, one) for one in afters):
            if after in found or not is_within(after, scope):
                continue
            if len(found) >= most:
                is_whole = False
                continue
            found[after] = None
            queue.append(after)
    return Walk(system, scope, tuple(found), is_whole)
