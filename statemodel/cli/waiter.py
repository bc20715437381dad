"""`waiter`: what each status means to somebody who waits for another."""

import argparse

from statemodel.cli.names import named
from statemodel.cli.output import say, say_json
from statemodel.cli.simulate import chosen_policies
from statemodel.errors import UsageError
from statemodel.waiters import tables
from statemodel.waiters import waiter as made_for


def show_waiter(asked: argparse.Namespace) -> int:
    """Show the waiter of one model in one of four formats."""
    chosen = chosen_policies(named(asked.model), asked.policy)
    until = tuple(name.strip() for name in asked.until.split(","))
    found = made_for(chosen, until=until, after=asked.after, args=_arguments(asked), part=asked.part)
    match asked.format:
        case "json":
            say_json(tables.document(found))
        case "botocore":
            say_json(tables.botocore(found, delay_s=asked.delay, attempts=asked.attempts))
        case "terraform":
            say(tables.terraform(found))
        case _:
            say(tables.text(found))
    return 0


def _arguments(asked: argparse.Namespace) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for given in asked.arg:
        name, sign, value = given.partition("=")
        if not sign:
            raise UsageError("form of an argument", given, ("name=value",))
        if asked.after is None:
            raise UsageError("use of an argument without --after:", given, ("--after OPERATION --arg name=value",))
        found[name] = value
    return found or None
