"""What there is to cover, and how much of it a client may come to as far as it has shown."""

from collections.abc import Collection, Hashable

from statemodel.coverage.goals import Goal
from statemodel.coverage.stages import Stage


class Bounds:
    """Goals, stage after stage, and which of them lie behind answers that the client never gave.

    Where a model leaves a choice, a client that has chosen never comes to what the other choice leads to.

    Attributes:
        goals: every goal, and whether the client may come to it; the first stage that holds a goal says so.
    """

    def __init__(self) -> None:
        self.goals: dict[Goal, bool] = {}
        self._never_came: set[Hashable] = set()

    def take(self, stage: Stage, never_came: Collection[int]) -> None:
        """Take what was learnt in a stage: sorts of edges of its chart that were hoped for in vain."""
        self._never_came.update(map(stage.chart.told, never_came))
        within = stage.chart.within(stage.goals, stage.chart.sorts(self._never_came))
        for goal in stage.goals:
            self.goals.setdefault(goal, goal in within)

    def clear(self) -> None:
        """Forget everything, for another client."""
        self.goals.clear()
        self._never_came.clear()
