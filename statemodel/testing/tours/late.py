"""The deterministic tours to where effects show that no answer shows at once."""

from statemodel.coverage.apart import Row, Way, late_effects
from statemodel.coverage.chart import Edge
from statemodel.testing.cover import Cover
from statemodel.testing.session import TroubleError


class Late(Cover):
    """Makes calls that are answered otherwise where an effect was left out; takes the same arguments as the cover."""

    def run(self) -> None:
        """Go a way on which each effect shows that shows late, as far as the budget lasts."""
        self._stop = self.session.link.calls + self.budget
        closed: set[int] = set()
        done: set[Row] = set()
        for row, way in late_effects(self.chart, closed, done):
            other: Edge | None = None
            for _ in range(self.hopes):
                if not self._has_budget():
                    break
                try:
                    other = self._otherwise(way)
                except TroubleError as error:
                    other = None
                    self._meet(error)
                if other is None:
                    done.add(row)
                    break
            if other is not None:
                closed.add(other.sort)
        self.session.reset()

    def _otherwise(self, way: Way) -> Edge | None:
        """Go one way from a reset; the edge that went otherwise, if one did."""
        self._restart()
        resource = self._new()
        for edge in way:
            if self._take(resource, edge) != edge.after:
                return edge
        self.session.look(resource)
        return None
