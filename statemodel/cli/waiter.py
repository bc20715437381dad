"""`waiter` and `clients`: what each status means to somebody who waits for another, and to clients that do."""

import argparse
from pathlib import Path

from statemodel.cli.names import named
from statemodel.cli.output import say, say_json
from statemodel.cli.simulate import chosen_policies
from statemodel.errors import UsageError
from statemodel.registry import MODELS
from statemodel.waiters import compared, tables
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


def compare_clients(asked: argparse.Namespace) -> int:
    """Write the page about the waiters of real clients, or tell whether it is stale."""
    if asked.check and asked.out is None:
        raise UsageError("use of --check without --out:", "--check", ("--out FILE --check",))
    text = compared.page(MODELS.items())
    if asked.out is None:
        say(text)
        return 0
    place = Path(asked.out)
    if asked.check:
        is_fresh = place.is_file() and place.read_bytes() == text.encode()
        say(f"{place} is {'fresh' if is_fresh else 'stale'}")
        return 0 if is_fresh else 1
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8", newline="\n")
    say(f"wrote {place}")
    return 0
