"""Symbols that stand for contents, renamed: all told apart, or numbered in order so that equals are equal."""

import attrs

from statemodel.configuration import Configuration, Member, held, renamed, replace
from statemodel.model.data import CONTENT
from statemodel.semantics import System

Belief = frozenset[Configuration]


def apart(configuration: Configuration) -> Configuration:
    """The configuration with another content at every place."""
    number = 0
    for place, slot in enumerate(configuration):
        if isinstance(slot, Member):
            member, number = _numbered(slot, number)
            configuration = replace(configuration, place, member)
        else:
            members = []
            for key, one in slot.members:
                member, number = _numbered(one, number)
                members.append((key, member))
            configuration = replace(configuration, place, slot.holding(tuple(members)))
    return configuration


def _numbered(member: Member, number: int) -> tuple[Member, int]:
    new = {}
    for field in attrs.fields(type(member.data)) if member.data is not None else ():
        if CONTENT in field.metadata and getattr(member.data, field.name) is not None:
            new[field.name] = number
            number += 1
    return (Member(member.state, attrs.evolve(member.data, **new)) if new else member), number


def in_order(here: Configuration, belief: Belief, system: System) -> tuple[Configuration, Belief]:
    """Both with contents numbered in order, so that equals are equal."""
    symbols = dict.fromkeys(held(here))
    for one in sorted(belief, key=repr) if len(belief) > 1 else belief:
        symbols.update(dict.fromkeys(held(one)))
    wanted = {symbol: number for number, symbol in enumerate(symbols)}
    return (
        renamed(here, wanted, {}, system.parts),
        frozenset(renamed(one, wanted, {}, system.parts) for one in belief),
    )
