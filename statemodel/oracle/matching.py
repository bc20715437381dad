"""Whether an answer is the recorded one, and what it tells of symbols that stood for something unseen."""

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from statemodel.configuration import Configuration, Family, Member, fresh, renamed, replace
from statemodel.model.graph import ABSENT, Initiator, Kind, Numbered, Query
from statemodel.model.operation import ANY, Listing
from statemodel.oracle.seen import ANY_CODE, Listed, Seen
from statemodel.oracle.unknown import Unknown, referred, shape, unlisted
from statemodel.semantics import Accepted, Refused, Step, System, View, find, is_born_unseen


@attrs.frozen(eq=False)
class Matching:
    """Compares answers of a model with recorded ones.

    Attributes:
        system: the model.
        unknown: what may be there that nobody has seen.
    """

    system: System
    unknown: Unknown

    def matches(self, step: Step, seen: Seen) -> Iterator[Configuration]:
        """What a step leads to, if its answer is the recorded one; several where it may be so in several ways."""
        if seen.is_lost:
            yield step.after
        elif isinstance(step.answer, Refused):
            codes = step.answer.codes
            if seen.error is not None and (codes is None or seen.error == ANY_CODE or seen.error in codes):
                yield step.after
        elif seen.error is None:
            yield from self._shown(step.answer, step.after, seen)

    def _shown(self, answer: Accepted, after: Configuration, seen: Seen) -> Iterator[Configuration]:
        found = [after]
        for name, value in seen.shown:
            shown = answer.shows(name)
            if shown is not ANY:
                found = [bound for one in found for bound in self._bound(one, name, shown, value)]
        for one in found:
            if seen.listed is None or answer.operation.listing is None:
                yield one
            else:
                yield from self._listed(
                    answer.operation.listing, View(self.system, one, answer.view.args, answer.view.target), seen.listed
                )

    def _bound(
        self, configuration: Configuration, name: str, shown: Iterable[Any], value: Any
    ) -> Iterator[Configuration]:
        """The configuration with what is symbolic bound to the value that was shown; nothing where it cannot be."""
        for one in shown:
            if name == "content" and isinstance(one, int) and one < 0 and isinstance(value, int):
                yield renamed(configuration, {one: value}, {}, self.system.parts)
            elif isinstance(one, str) and one.startswith("?") and isinstance(value, str) and value.isdigit():
                yield from self._identified(configuration, -int(one[1:]), int(value))
            elif one == value and (one is None) == (value is None):
                yield configuration

    def _identified(self, configuration: Configuration, symbol: int, number: int) -> Iterator[Configuration]:
        """The configuration in which an unseen number is this one."""
        numbered = [place for place in self.unknown.families if isinstance(self.system.graph(place).many, Numbered)]
        for place in numbered:
            slot = configuration[place]
            assert isinstance(slot, Family)
            if (slot.high is not None and number > slot.high) or slot.get(number) is not None:
                return
        names = {self.system.parts[place] for place in numbered}
        names.update(part for place in self.unknown.families for part in referred(self.system.graph(place)))
        changed = renamed(configuration, {}, {part: {symbol: number} for part in names}, self.system.parts)
        for place in numbered:
            family = changed[place]
            assert isinstance(family, Family)
            changed = replace(changed, place, attrs.evolve(family, low=max(family.low, number)))
        yield changed

    def _listed(self, listing: Listing, view: View, listed: Listed) -> Iterator[Configuration]:
        configuration = view.configuration
        if listing.part is None:
            if self._agrees(listing, view, listed.entries, is_complete=listed.is_complete):
                yield configuration
            return
        place = self.system.service.index(listing.part)
        if place is None:
            yield configuration
            return
        for key, _ in listed.entries:
            if find(configuration, place, key).state == ABSENT:
                return
        found = [configuration]
        for key, fields in listed.entries:
            found = [
                after
                for one in found
                for after in self._entry(listing, View(self.system, one, view.args, view.target, place, key), fields)
            ]
        names = {key for key, _ in listed.entries}
        for one in found:
            family = one[place]
            assert isinstance(family, Family)
            if not listed.is_complete:
                yield one
            elif listed.is_filtered:
                if not self._missing(
                    listing,
                    View(self.system, one, view.args, view.target),
                    place,
                    attrs.evolve(family, facts=frozenset()),
                    names,
                ):
                    yield one
            elif not self._missing(listing, View(self.system, one, view.args, view.target), place, family, names):
                yield from self._closed_off(listing, View(self.system, one, view.args, view.target), place, family)

    def _closed_off(self, listing: Listing, view: View, place: int, family: Family) -> Iterator[Configuration]:
        """The configuration after a complete list: nobody else is there, but for those that lists may leave out."""
        born = is_born_unseen(self.system.graph(place))
        gone = attrs.evolve(family, members=family.present(), is_open=born, is_unborn=born)
        shut = replace(view.configuration, place, gone)
        if not family.is_open or listing.present is None:
            yield shut
            return
        is_numbered = isinstance(self.system.graph(place).many, Numbered)
        key = unlisted(view.configuration, place) if is_numbered else f"?{place}"
        members = list(self.unknown.members(view.configuration, place, fresh(view.configuration)))
        others = [one for one in members if listing.present(view.among(place, key, one)) is not True]
        kinds = self.system.kinds[place]
        several = any(kinds[one.state] is not Kind.WORKING for one in others)
        if others and (several or not is_numbered or {shape(one) for one in others} == {shape(one) for one in members}):
            away = Query("is in a state that lists show", self._left_out(place, others), _is_shown)
            kept = family if born else attrs.evolve(family, facts=family.facts | {(away, False)})
            yield replace(view.configuration, place, kept)
            return
        yield shut
        for member in others:
            yield replace(shut, place, gone.put(key, member))

    def _left_out(self, place: int, others: Iterable[Member]) -> frozenset[str]:
        """The states of members that lists may leave out, and those they may get to by themselves."""
        found = {one.state for one in others}
        frontier = list(found)
        while frontier:
            here = frontier.pop()
            for row in self.system.graph(place).transitions:
                moves = here in row.source and row.initiator is not Initiator.CALLER
                if moves and row.target is not None and row.target not in found:
                    found.add(row.target)
                    frontier.append(row.target)
        return frozenset(found)

    def _missing(self, listing: Listing, view: View, place: int, family: Family, names: set[Any]) -> bool:
        """Whether a complete list leaves out a member that must be on it."""
        if any(value for _, value in family.facts):
            return True
        return any(
            key not in names and (listing.present is None or listing.present(view.at(place, key)) is True)
            for key, _ in family.present()
        )

    def _entry(self, listing: Listing, view: View, fields: tuple[tuple[str, Any], ...]) -> list[Configuration]:
        if listing.present is not None and listing.present(view) is False:
            return []
        found = [view.configuration]
        for field in listing.fields:
            for name, value in fields:
                if name == field.name:
                    shown = field.shows(view)
                    if shown is not ANY:
                        found = [bound for one in found for bound in self._bound(one, name, shown, value)]
        return found

    def _agrees(
        self,
        listing: Listing,
        view: View,
        entries: tuple[tuple[Any, tuple[tuple[str, Any], ...]], ...],
        *,
        is_complete: bool,
    ) -> bool:
        """Whether a list of resources may show, or leave out, the one whose history this is."""
        present = True if listing.present is None else listing.present(view)
        if not entries:
            return present is not True or not is_complete
        if present is False:
            return False
        return all(bool(self._entry(listing, view, fields)) for _, fields in entries)


def _is_shown(key: Any, member: Any, left_out: frozenset[str]) -> bool:
    """Whether a member is in a state in which lists show it."""
    del key
    return bool(member.state != ABSENT and member.state not in left_out)
