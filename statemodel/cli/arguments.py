"""What can be asked on the command line."""

import argparse
from collections.abc import Callable
from math import isfinite
from typing import Any

from statemodel.cli import (
    check,
    conform,
    diff,
    docs,
    draw,
    explain,
    explore,
    models,
    simulate,
    verify,
    waiter,
)
from statemodel.page import SECTIONS
from statemodel.reference import DRAWINGS
from statemodel.show import library_version
from statemodel.testing.exhaustive import BUDGET, DEPTH

MOST_VERSIONS, MOST_UNFOLDED = 64, 4
MOST_JOBS = 256
MOST_EXAMPLES, MOST_POLLS = 100_000, 100_000
MOST_SHOWN = 20_000
MOST_DEEP, MOST_SEARCHED = 1_000, 100_000_000
FORMATS = ("dot", "svg", "png", "mermaid", "plantuml", "outline", "xstate", "scxml")
_NAME = "a name from `statemodel list`, or package.module:attribute"
_CODES = "Exit codes: 0 nothing wrong, 1 something is, 2 bad usage or unreadable input, 3 inconclusive."


def whole_number(most: int) -> Callable[[str], int]:
    """What reads a whole number from 1 to `most`."""
    return number_from(1, most)


def number_from(least: int, most: int) -> Callable[[str], int]:
    """What reads a whole number from `least` to `most`."""

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:
            return int(text)
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")

    return read


def seconds(text: str) -> float:
    """What reads a number of seconds."""
    try:
        given = float(text)
    except ValueError:
        given = -1.0
    if isfinite(given) and given >= 0:
        return given
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds, 0 or more")


def some_seconds(text: str) -> float:
    """What reads a number of seconds that is not 0."""
    if given := seconds(text):
        return given
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; each command names the function that does it under `do`."""
    whole = argparse.ArgumentParser(
        prog="statemodel", description="How cloud function services behave: models to read, draw and check against.",
        epilog=_CODES, allow_abbrev=False)
    whole.add_argument("--version", action="version", version=f"statemodel {library_version()}")
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in (_list, _show, _draw, _docs, _explore, _verify, _check, _conform, _simulate, _waiter, _clients, _diff,
                _explain):
        add(commands)
    return whole


def _command(commands: Any, name: str, do: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=about, description=about[0].upper() + about[1:] + ".", epilog=_CODES, allow_abbrev=False)
    made.set_defaults(do=do)
    return made


def _list(commands: Any) -> None:
    made = _command(commands, "list", models.list_models, "name the models there are")
    made.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _show(commands: Any) -> None:
    made = _command(commands, "show", models.show_model, "show states, rows, guards and sources of a model")
    made.add_argument("model", metavar="MODEL", help=_NAME)
    made.add_argument("--format", choices=("text", "md", "json", "lts"), help="default: text")
    made.add_argument("--section", choices=SECTIONS, help="one section of the page, as Markdown")
    made.add_argument("--into", metavar="FILE#MARK", help="put the section into a marked region of a file")
    made.add_argument("--check", action="store_true", help="write nothing; tell whether the region is fresh")
    made.add_argument("--max-versions", metavar="N", type=whole_number(MOST_UNFOLDED), default=2,
                      help=f"how far lts unfolds, 1 to {MOST_UNFOLDED}; default: 2")


def _draw(commands: Any) -> None:
    made = _command(commands, "draw", draw.draw, "draw a model, or every service")
    which = made.add_mutually_exclusive_group(required=True)
    which.add_argument("model", metavar="MODEL", nargs="?", help=_NAME)
    which.add_argument("--all", action="store_true", help="a folder for each service, with an index page")
    made.add_argument("--format", choices=FORMATS, help="default: dot; with --all or --out: dot, mermaid and svg")
    made.add_argument("--out", metavar="DIR", help="write files there; --all: default diagrams")
    made.add_argument("--into", metavar="FILE#MARK",
                      help="put the drawing between <!-- statemodel: MARK --> and <!-- /statemodel --> of a file")
    made.add_argument("--check", action="store_true", help="write nothing; name the files there that differ")


def _verify(commands: Any) -> None:
    made = _command(commands, "verify", verify.verify_models, "explore models exhaustively and check every invariant")
    made.add_argument("models", metavar="MODEL", nargs="*", help="default: all models")
    made.add_argument("--max-versions", metavar="N", type=whole_number(MOST_VERSIONS), default=2,
                      help=f"greatest number of a version, 1 to {MOST_VERSIONS}; default: 2")
    made.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _check(commands: Any) -> None:
    made = _command(commands, "check", check.check_files, "tell whether recorded histories can have happened")
    made.add_argument("model", metavar="MODEL", help=_NAME)
    made.add_argument("files", metavar="FILE", nargs="+",
                      help="JSON lines, or CSV where the name ends in .csv; with the extra bulk also Parquet, "
                      ".gz, .zst, folders, patterns, and - for standard input")
    _reading(made)
    made.add_argument("--all", action="store_true", help="list conforming histories too")
    made.add_argument("--json", action="store_true", help="one JSON document on standard output")
    made.add_argument("--bulk", action="store_true", help="read by columns (extra bulk), as for files of that kind")
    made.add_argument("--jobs", metavar="N", type=whole_number(MOST_JOBS),
                      help="threads that read ahead, by columns; default: one for each processor")
    made.add_argument("--state", metavar="FILE", help="go on where this file says that the last run ended, by columns, "
                      "and write there where this one ends")
    made.add_argument("--log", choices=("cloudtrail", "cloudaudit", "actiontrail"),
                      help="read audit logs of a cloud, by columns")


def _reading(made: argparse.ArgumentParser) -> None:
    """How histories are read."""
    made.add_argument("--calls", choices=("complete", "partial"), default="complete",
                      help="partial: other callers may have acted unseen; default: complete")
    made.add_argument("--start", choices=("unknown", "absent"), default="unknown",
                      help="absent: nobody touched the resources before; default: unknown")
    made.add_argument("--environment", choices=("open", "recorded"), default="open",
                      help="recorded: nothing happens that is not recorded; default: open")


def _conform(commands: Any) -> None:
    made = _command(commands, "conform", conform.conform, "tell whether a client, mock or emulator behaves so")
    made.add_argument("model", metavar="MODEL", help=_NAME)
    client = made.add_mutually_exclusive_group(required=True)
    client.add_argument("--exec", metavar="COMMAND", help="a program that speaks JSON lines; no shell is run")
    client.add_argument("--python", metavar="MODULE:FACTORY", help="a class or function that makes the client")
    made.add_argument("--seed", metavar="N", type=int, default=0, help="fixes what is drawn; default: 0")
    made.add_argument("--examples", metavar="N", type=number_from(0, MOST_EXAMPLES), help="random walks; default: 25")
    made.add_argument("--patience", metavar="N", type=number_from(1, MOST_POLLS),
                      help="polls that a working state may last, or 72 seconds each with a clock; default: 50")
    made.add_argument("--timeout", metavar="SECONDS", type=some_seconds, default=30.0,
                      help="how long an answer may take; default: 30")
    made.add_argument("--known", metavar="FILE", help="deviations that are put up with: name and reason, one JSON "
                      "object a line, or TOML with [[known]]")
    made.add_argument("--script", metavar="FILE", help="do one script of JSON lines (-: standard input), not the suite")
    made.add_argument("--lockstep", metavar="DEPTH", nargs="?", const=DEPTH, type=whole_number(MOST_DEEP),
                      help="not the suite but everything there is, the shortest scripts first, up to so many calls, "
                      f"waits and events; needs a client with outcome and clock; default: {DEPTH}")
    made.add_argument("--budget", metavar="N", type=whole_number(MOST_SEARCHED),
                      help=f"with --lockstep: most calls to make, and most answers to judge; default: {BUDGET}")
    made.add_argument("--slow", action="store_true", help="calls are dear: few replays to shorten what is found")
    made.add_argument("--json", action="store_true", help="one JSON document on standard output")
    made.add_argument("--junit", metavar="FILE", help="write JUnit XML there")
    made.add_argument("--github", action="store_true", help="annotations of a GitHub workflow, too")


def _simulate(commands: Any) -> None:
    made = _command(commands, "simulate", simulate.simulate, "play a service: a fake one made from a model")
    made.add_argument("model", metavar="MODEL", help=_NAME)
    where = made.add_mutually_exclusive_group(required=True)
    where.add_argument("--stdio", action="store_true", help="JSON lines on standard input, answers on standard output")
    where.add_argument("--http", metavar="PORT", type=number_from(0, 65535),
                       help="the service's own protocol over HTTP; 0 for a port that is free")
    made.add_argument("--host", metavar="ADDRESS", help="with --http: where to listen; default: 127.0.0.1")
    made.add_argument("--key", metavar="ID:SECRET", help="with --http: take no requests but those this key has signed")
    made.add_argument("--seed", metavar="N", type=int, default=0, help="fixes what the model leaves open; default: 0")
    made.add_argument("--policy", metavar="NAME=OPTION", action="append", default=[],
                      help="choose on an open point; may be given again")
    made.add_argument("--adversarial", action="store_true",
                      help="draw anew each time what is open, when moves come and which")
    made.add_argument("--delay", metavar="SECONDS", type=seconds, default=5.0,
                      help="time of each move of the service; default: 5")
    made.add_argument("--tick", metavar="SECONDS", type=seconds,
                      help="time that passes at each call; default: 0, without the ability clock 1; with --http real "
                           "time passes instead unless it is given")
    made.add_argument("--without", metavar="ABILITY", action="append", default=[],
                      help="an ability to lack; may be given again")


def _waiter(commands: Any) -> None:
    made = _command(commands, "waiter", waiter.show_waiter, "tell what each status means to who waits for another")
    made.add_argument("model", metavar="MODEL", help=_NAME)
    made.add_argument("--until", metavar="STATUS[,STATUS]", required=True,
                      help="what to wait for; Absent or deleted for absence")
    made.add_argument("--after", metavar="OPERATION", help="an operation that was accepted just before")
    made.add_argument("--arg", metavar="NAME=VALUE", action="append", default=[],
                      help="an argument of that operation; may be given again")
    made.add_argument("--part", metavar="PART", help="whose status is read, in a composed service; default: the first")
    made.add_argument("--policy", metavar="NAME=OPTION", action="append", default=[],
                      help="choose on an open point; may be given again")
    made.add_argument("--format", choices=("text", "json", "botocore", "terraform"), default="text",
                      help="default: text")
    made.add_argument("--delay", metavar="SECONDS", type=whole_number(MOST_POLLS), default=5,
                      help="between polls, for botocore; default: 5")
    made.add_argument("--attempts", metavar="N", type=whole_number(MOST_POLLS), default=120,
                      help="polls at most, for botocore; default: 120")


def _clients(commands: Any) -> None:
    made = _command(commands, "clients", waiter.compare_clients, "tell which statuses real clients misjudge")
    made.add_argument("--out", metavar="FILE", help="write the page there")
    made.add_argument("--check", action="store_true", help="write nothing; tell whether the page there is stale")


def _diff(commands: Any) -> None:
    made = _command(commands, "diff", diff.compare, "tell what changed between two models, and whom it breaks")
    what = f"{_NAME}, or a file that `show --format json` wrote"
    made.add_argument("before", metavar="A", help=what)
    made.add_argument("after", metavar="B", help="the same")
    made.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _explain(commands: Any) -> None:
    made = _command(commands, "explain", explain.explain_code, "tell what a code means, ours or a service's")
    made.add_argument("code", metavar="CODE", help="such as SM201 or FailedOperation.UpdateFunctionCode")


def _explore(commands: Any) -> None:
    made = _command(commands, "explore", explore.explore, "write a page to look into a graph, in one file")
    made.add_argument("model", metavar="MODEL", help=_NAME)
    made.add_argument("--history", metavar="FILE", action="append",
                      help="play the histories of a file, with what they leave possible; may be given again")
    _reading(made)
    made.add_argument("--proofs", action="store_true",
                      help="play what breaks a statement, and how goals are reached; takes as long as `verify`")
    made.add_argument("--max-versions", metavar="N", type=whole_number(MOST_UNFOLDED), default=1,
                      help=f"greatest number of a version, 1 to {MOST_UNFOLDED}; default: 1")
    made.add_argument("--configurations", metavar="N", type=whole_number(MOST_SHOWN), default=500,
                      help="how many the page can walk through, nearest to the beginning first; default: 500")
    made.add_argument("--out", metavar="FILE", help="default: MODEL.html here")


def _docs(commands: Any) -> None:
    made = _command(commands, "docs", docs.docs, "write a page of reference for each model, and an index")
    made.add_argument("models", metavar="MODEL", nargs="*", help="default: all models")
    made.add_argument("--out", metavar="DIR", required=True, help="the folder of the pages")
    made.add_argument("--drawings", choices=DRAWINGS, default="svg",
                      help="pictures beside the pages, diagrams within them, or none; default: svg")
    made.add_argument("--proofs", metavar="FILE", help="what `verify --json` wrote: the pages tell what was proved")
    made.add_argument("--check", action="store_true", help="write nothing; name the files there that differ")
