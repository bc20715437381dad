"""Lets an object with the methods of a service answer one JSON object a line on its standard input and output."""

import json
import sys


def serve(service):
    """Answer every line of standard input until it ends."""
    for line in sys.stdin:
        print(json.dumps(answer(service, json.loads(line))), flush=True)  # noqa: T201


def answer(service, request):
    """The answer to one request."""
    made = {"id": request["id"]}
    match request["do"]:
        case "hello":
            made["abilities"] = list(service.abilities)
        case "reset":
            service.reset()
        case "call":
            made |= service.call(request["op"], request["args"])
        case "advance":
            service.advance(request["seconds"])
        case "outcome" | "happen" as steer:
            if not getattr(service, steer)(request["event"]):
                made["unsupported"] = True
    return made


def keep_asking(parser, choices):
    """The options that every service has: when its work is done, and how it settles what its makers left open."""
    parser.add_argument("--lag", type=int, default=10, help="how long every piece of work takes")
    parser.add_argument("--unit", choices=("seconds", "calls"), default="seconds", help="of the lag")
    parser.add_argument("--order", choices=("first", "last"), default="first", help="which refusal wins of several")
    parser.add_argument("--spelling", choices=("first", "last"), default="first", help="which of equal codes is given")
    parser.add_argument("--luck", type=int, help="seed of outcomes that nobody steered; without it all goes well")
    parser.add_argument("--without", action="append", default=[], metavar="ABILITY", help="an ability to leave out")
    parser.add_argument("--choice", action="append", default=[], metavar="POINT=OPTION", help=", ".join(choices))
    parser.add_argument("--fault", help="a planted fault")


def options(found):
    """What the parsed options say, as a service takes it."""
    return {
        "lag": found.lag,
        "unit": found.unit,
        "order": found.order,
        "spelling": found.spelling,
        "luck": found.luck,
        "without": found.without,
        "choices": dict(one.split("=", 1) for one in found.choice),
    }
