"""The deterministic sweep: every argument at a limit once, where it decides, and every list once page by page."""

from collections.abc import Callable
from functools import cached_property

from statemodel.configuration import Family
from statemodel.coverage.chart import Edge
from statemodel.model.graph import Initiator
from statemodel.model.operation import Operation
from statemodel.testing.cover import Cover
from statemodel.testing.session import Found, TroubleError
from statemodel.testing.tours.limits import Case, cases
from statemodel.testing.tours.pages import first


class Sweep(Cover):
    """Sends what a chart does not hold; takes the same arguments as the cover.

    Attributes:
        missed: cases that were not sent, in words, as no way led to where they decide anything.
    """

    missed: tuple[str, ...] = ()

    def run(self) -> None:
        """Send every case and turn the pages of every list, as far as the client is able and the budget lasts."""
        self._stop = self.session.link.calls + self.budget
        self.session.reset()
        self._names = 0
        missed: list[str] = []
        accepted = {edge.name for edges in self.chart.edges for edge in edges if edge.is_accepted}
        able = [one for name, one in self.session.system.operations.items() if name in self.session.link.abilities]
        operations = [one for one in able if one.name in accepted or (one.listing and one.listing.part is None)]
        jobs: list[tuple[str, Callable[[str], bool]]] = []
        if "parameters" in self.session.link.abilities:
            jobs.extend(self._job(one, case) for one in operations for case in cases(one) if not one.parameter("as"))
        if "paging" in self.session.link.abilities:
            jobs.extend(self._turning(one) for one in operations if one.listing and first(one.listing, 1))
        resource = self._new()
        for number, (words, job) in enumerate(jobs):
            if not self._has_budget():
                missed.append(words)
                continue
            resource = self._tried(resource, words, job, missed)
            if self.progress is not None:
                self.progress(number + 1, len(jobs))
        self.missed = tuple(missed)
        self.session.reset()

    def _tried(self, resource: str, words: str, job: Callable[[str], bool], missed: list[str]) -> str:
        """Do one job, with a new resource where the old one cannot get there; the resource to go on with."""
        try:
            if not job(resource):
                resource = self._new()
                if not job(resource):
                    missed.append(words)
        except TroubleError as error:
            self.found.append(Found(error.trouble, tuple(self.session.script)))
            before = self.session.link.calls
            if self.meet is not None:
                self.meet(self.found[-1])
            self._stop += self.session.link.calls - before
            self.session.reset()
            self._names = 0
            return self._new()
        return resource

    def _job(self, operation: Operation, case: Case) -> tuple[str, Callable[[str], bool]]:
        def send(resource: str) -> bool:
            if operation.listing is not None and operation.listing.part is None:
                self.session.call(resource, operation.name, case.args)
                return True
            edge = self.go(resource, lambda place: self.accepting(place, operation, is_sure=True))
            edge = edge or self.go(resource, lambda place: self.accepting(place, operation, is_sure=False))
            if edge is None:
                return False
            args = dict(edge.args or ())
            if "content" in args:
                args["content"] = f"code-{self.session.link.calls}"
            self.session.call(resource, operation.name, {**args, **case.args})
            self.session.look(resource)
            return True

        return f"{operation.name} {case.words}", send

    def _turning(self, operation: Operation) -> tuple[str, Callable[[str], bool]]:
        def turn(resource: str) -> bool:
            most = max(map(self._weight, range(len(self.chart.edges))))
            if self.go(resource, lambda place: self.chart.edges[place][0] if self._weight(place) == most else None):
                self.session.settle(resource)
            self.session.turn(resource, operation)
            return True

        return f"pages of {operation.name}", turn

    def _weight(self, place: int) -> int:
        """How much there is to list at a place where nothing is under way."""
        if any(edge.initiator is Initiator.SERVICE for edge in self.chart.edges[place]):
            return -1
        return self.members[place]

    @cached_property
    def members(self) -> list[int]:
        """How many versions, aliases and the like there are, place by place."""
        return [
            sum(len(list(slot.present())) for slot in configuration if isinstance(slot, Family))
            for configuration in self.chart.numbers
        ]

    def accepting(self, place: int, operation: Operation, *, is_sure: bool) -> Edge | None:
        """An edge by which an operation is accepted at a place; if it is to be sure, one that nothing may refuse."""
        own = [edge for edge in self.chart.edges[place] if edge.name == operation.name and edge.args is not None]
        refused = {edge.args for edge in own if is_sure and not edge.is_accepted}
        return next((edge for edge in own if edge.is_accepted and edge.args not in refused), None)
