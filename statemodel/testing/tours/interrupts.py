"""Everything that can befall an account, once while a resource is at work: the service must not forget that work."""

from statemodel.coverage.plan import to_event
from statemodel.model.graph import Initiator
from statemodel.testing.cover import Cover
from statemodel.testing.session import TroubleError


class Interrupts(Cover):
    """Lets events happen at the wrong moment; takes the same arguments as the cover."""

    def run(self) -> None:
        """Let every event of the account happen, as far as the chart has it and the budget lasts."""
        self._stop = self.session.link.calls + self.budget
        for event in self.session.system.events:
            is_there = event.name in self.chart.events and event.initiator is Initiator.ENVIRONMENT
            hopes = self.hopes if is_there and self.session.judge.is_of_account(event.name) else 0
            while hopes and self._has_budget():
                hopes = 0 if self._is_done(event.name) else hopes - 1
        self.session.reset()

    def _is_done(self, event: str) -> bool:
        try:
            return self._interrupt(event)
        except TroubleError as error:
            self._meet(error)
            return True

    def _interrupt(self, event: str) -> bool:
        """Let one happen while a resource is at work, and wait for that; whether it came to it, or never can."""
        self._restart()
        path = to_event(self.chart, event, self._busy, self.given_up)
        resource = self._new()
        for edge in path:
            if self._take(resource, edge) != edge.after:
                self._failed[edge.sort] += 1
                return False
        if path:
            self.session.settle(resource)
            self._survey(resource)
        return True
