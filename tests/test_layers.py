"""The house stands: imports lead downwards only, siblings are strangers, nothing goes round in a circle."""

import ast
import sys
from itertools import pairwise
from pathlib import Path

import pytest

import statemodel

# From the ground up. A floor has rooms side by side, and a room has modules in an order of their own; a package stands
# for every module in it. A module may import modules of lower floors, and those before it in its own room.
FLOORS = (
    (("errors",),),
    (("model",), ("loading",)),
    (("",), ("catalogue",), ("logs",), ("configuration", "system", "calls", "view", "placing", "semantics")),
    (("unfold",),),
    (("look", "explore", "counting", "verify"), ("oracle",), ("drivers",), ("drawing",), ("simulator",)),
    (("registry",), ("show", "page", "explain", "reference"), ("coverage",), ("reading", "life", "ways"), ("regions",)),
    (
        ("servers",), ("testing",), ("adapters",), ("waiters",), ("questions", "standing"), ("diff",), ("player",),
        ("pieces", "markdown", "sphinx"),
    ),
    (("cli", "__main__"), ("pytest_plugin",)),
)
# Rooms that are packages and whose modules have an order too; steps of one tuple are strangers.
INSIDE = {
    "model": (
        ("", "evidence", "data", "history"), ("guard",), ("graph",), ("operation",), ("cells",), ("checks",),
        ("service",),
    ),
    "oracle": (
        ("verdict", "seen", "cover"), ("unknown",), ("split", "entries"), ("belief",), ("monitor",), ("explain",),
        ("check", "bulk.automaton", "bulk.keys", "bulk.texts", "bulk.jit"),
        ("bulk.words",), ("bulk.scan", "bulk.positions", "bulk.report"),
        ("bulk.stamps", "bulk.shapes", "bulk.compiled"), ("bulk.lines",),
        ("bulk.engine", "bulk.chunks"), ("bulk.names", "bulk.quoted"), ("bulk.sources",), ("bulk.encode",),
        ("bulk.again", "bulk.late", "bulk.stream"),
        ("bulk.state",), ("bulk.follow",), ("bulk.judge",), ("bulk", "bulk.parts"),
        ("dask", "spark"),
    ),
    "logs": (("actiontrail", "cloudaudit", "cloudtrail"), ("",)),
    "drivers": (("",), ("table", "pytransitions")),
    "simulator": (("chance",), ("world",), ("moves", "lists", "requests"), ("",)),
    "drawing": (
        ("outline", "table"), ("dot",), ("losses",), ("mermaid", "plantuml", "picture", "spoken", "rows"),
        ("xstate", "scxml"),
    ),
    "coverage": (("", "goals", "sent"), ("chart", "trace"), ("plan", "stages", "apart"), ("bounds",)),
    "testing": (
        (
            "", "abilities", "ahead", "garbage", "judge", "reply", "stopwatch", "tours", "tours.limits", "tours.naming",
            "tours.scenes", "planted", "planted.answered", "planted.faulty", "planted.rows", "planted.shown",
            "planted.symbols",
            "reports",
        ),
        ("adapter", "mutants", "planted.inclusion", "script"),
        ("child", "shrink", "slices", "tours.pages", "trouble"),
        ("searched",),
        ("report",),
        ("reports.again", "reports.known", "reports.sentence", "session"),
        ("replays", "reports.sides"),
        ("cited", "contradiction"),
        ("deeds", "findings", "options", "reports.annotations", "reports.told", "traveller"),
        ("cover",),
        (
            "forking", "tours.interrupts", "tours.late", "tours.lives", "tours.promises", "tours.shares",
            "tours.stories", "tours.sweep", "walk",
        ),
        ("tours.crowd", "tours.mishaps"),
        ("lockstep", "tours.apart", "trials"),
        ("machine",),
        ("suite",),
        ("exhaustive", "play", "power"),
        ("reports.document", "reports.text"),
        ("conforms", "reports.junit"),
    ),
    "waiters": (("belief",), ("",), ("clients", "ending", "tables"), ("compared", "watch"), ("runner",)),
    "servers": (
        ("", "stdio", "wire"), ("recorder", "signature", "tencent_shown"), ("alibaba", "aws", "tencent"), ("face",),
        ("http",),
    ),
    "player": (("", "scenes", "drawn"), ("walk",), ("runs",), ("page",)),
    "cli": (
        ("output", "names", "drawn", "wording"),
        ("columns", "files"),
        ("check", "conform", "docs", "draw", "explain", "explore", "models", "simulate", "verify"),
        ("diff", "waiter"),
        ("arguments",),
        ("",),
    ),
}
# What looks up all the same, and why it is no circle when modules are loaded.
UPWARD = {
    ("model.graph", "model.operation"): "a row speaks of operations, an operation of states: annotations only",
    ("model.graph", "model.checks"): "a graph is checked when it is built",
    ("model.checks", "model.service"): "annotations only",
}
ALLOWED_OUTSIDE = {
    "attrs": None,
    "transitions": "drivers.pytransitions",
    "hypothesis": "testing.machine",
    "pytest": "pytest_plugin",
    "markdown": "markdown",
    "sphinx": "sphinx",
    "docutils": "sphinx",
    "uvicorn": "servers.http",
    "tencentcloud": "adapters.tencent",
    "alibabacloud_fc20230330": "adapters.alibaba",
    "alibabacloud_tea_openapi": "adapters.alibaba",
    "boto3": "adapters.aws",
    "botocore": "adapters.aws",
    "darabonba": "adapters.alibaba",
    "numpy": "oracle.bulk",
    "pyarrow": "oracle",
    "dask": "oracle.dask",
    "pandas": "oracle.dask",
    "pyspark": "oracle.spark",
    "numba": "oracle.bulk.jit",
    "llvmlite": "oracle.bulk.jit",
}


# ------------------------------------------------------------------------------------------------- reading imports


def modules():
    """The source of every module of the package by its name within it; the package itself has no name."""
    top = Path(statemodel.__file__).parent
    found = {}
    for place in sorted(top.rglob("*.py")):
        parts = place.relative_to(top).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = place.read_text(encoding="utf-8")
    return found


def imports(name, text, known, packages):
    """What one module imports: (dotted name, whether it does so when it is loaded), own modules without the package."""
    here = name if name in packages else name.rpartition(".")[0]
    for node, is_loaded in statements(ast.parse(text)):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = "statemodel" + (f".{here}" if here else "")
            base = node.module or ""
            if node.level:
                base = ".".join(filter(None, (*above.split(".")[: len(above.split(".")) + 1 - node.level], base)))
            inner = {alias.name: f"{base}.{alias.name}".removeprefix("statemodel.") for alias in node.names}
            found = [f"statemodel.{inner[one]}" if inner[one] in known else base for one in inner]
        else:
            continue
        for one in dict.fromkeys(found):
            yield one, is_loaded


def statements(node, *, is_loaded=True):
    """Every node within one, and whether it is reached when the module is loaded."""
    for inner in ast.iter_child_nodes(node):
        yield inner, is_loaded
        waits = isinstance(inner, ast.FunctionDef | ast.Lambda) or is_for_types(inner)
        yield from statements(inner, is_loaded=is_loaded and not waits)


def is_for_types(node):
    """Whether it is what only a type checker reads."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def edges(sources):
    """(importer, imported, whether when loaded) among modules of the package, and (importer, package) of others."""
    packages = {name for name in sources if name == "" or any(other.startswith(f"{name}.") for other in sources)}
    own, others = [], []
    for name, text in sources.items():
        for target, is_loaded in imports(name, text, set(sources), packages):
            top, _, rest = target.partition(".")
            if top == "statemodel":
                own.append((name, rest, is_loaded))
            elif top not in sys.stdlib_module_names:
                others.append((name, top))
    return own, others


# ------------------------------------------------------------------------------------------------- judging imports


def place_of(module):
    """(floor, room, position in the room), or None for a module nobody has given a room."""
    for floor, rooms in enumerate(FLOORS):
        for number, room in enumerate(rooms):
            for position, one in enumerate(room):
                if module == one or (one and module.startswith(f"{one}.")):
                    return floor, number, position
    return None


def step_of(module):
    """Where a module stands in the order of its package, or None where the package has none."""
    package, _, rest = module.partition(".")
    steps = INSIDE.get(package, ())
    return next((number for number, step in enumerate(steps) if rest in step), None)


def problems(sources):
    """Everything wrong with the imports of some modules, in words."""
    own, others = edges(sources)
    found = [f"{name or 'statemodel'} is in no room: give it one in FLOORS" for name in sources if not place_of(name)]
    for name, target, _ in own:
        if name == target or (name, target) in UPWARD or not place_of(name) or not place_of(target):
            continue
        if not is_downward(name, target):
            found.append(f"{name or 'statemodel'} must not import {target or 'statemodel'}")
    for name, package in others:
        if package not in ALLOWED_OUTSIDE:
            found.append(f"{name} must not import {package}: a plain install does not bring it")
        elif ALLOWED_OUTSIDE[package] and not f"{name}.".startswith(f"{ALLOWED_OUTSIDE[package]}."):
            found.append(f"{name} must not import {package}: only {ALLOWED_OUTSIDE[package]} does")
    return found + [f"circle: {' -> '.join(circle)}" for circle in circles(own)]


def is_downward(name, target):
    """Whether one module may import another."""
    if name == "":
        return place_of(target)[0] < 2  # the front door shows the words of a model and nothing that reads them
    floor, room, position = place_of(name)
    floor_of, room_of, position_of = place_of(target)
    if (floor, room, position) != (floor_of, room_of, position_of):
        return target != "" and (floor_of < floor or (floor_of == floor and room_of == room and position_of < position))
    here, there = step_of(name), step_of(target)
    return here is None or there is None or there < here


def circles(own):
    """Circles of modules that import each other when they are loaded."""
    ahead = {}
    for name, target, is_loaded in own:
        if is_loaded and name != target:
            ahead.setdefault(name, []).append(target)
    found, done = [], set()

    def visit(name, path):
        if name in path:
            found.append((*path[path.index(name):], name))
        elif name not in done:
            for target in ahead.get(name, ()):
                visit(target, (*path, name))
            done.add(name)

    for name in ahead:
        visit(name, ())
    return found


# ------------------------------------------------------------------------------------------------- tests


def test_every_import_leads_downwards():
    """The package keeps the order of its floors, rooms and steps, and no module loads itself in a circle."""
    assert problems(modules()) == []


def test_the_table_has_nothing_that_is_gone():
    """Every room, step and exception of the table still stands in the package."""
    known = modules()
    rooms = {one for rooms in FLOORS for room in rooms for one in room}
    steps = {f"{room}.{one}".rstrip(".") for room, steps in INSIDE.items() for step in steps for one in step}
    assert sorted((rooms | steps) - set(known)) == []
    made = {(name, target) for name, target, _ in edges(known)[0]}
    assert sorted(set(UPWARD) - made) == []


def test_what_looks_up_does_not_when_loaded():
    """The exceptions are imports that wait until something is built, or that only a type checker sees."""
    assert [(name, target) for name, target, is_loaded in edges(modules())[0]
            if is_loaded and (name, target) in UPWARD] == []


@pytest.mark.parametrize(
    ("sources", "problem"),
    [
        ({"errors": "from statemodel.model.graph import State", "model.graph": ""},
         "errors must not import model.graph"),
        ({"model.evidence": "from statemodel.model.graph import State", "model.graph": ""},
         "model.evidence must not import model.graph"),
        ({"catalogue.x": "from statemodel.semantics import call", "semantics": ""},
         "catalogue.x must not import semantics"),
        ({"drawing.dot": "from statemodel.oracle.check import judge", "oracle.check": ""},
         "drawing.dot must not import oracle.check"),
        ({"oracle.split": "def f():\n    from statemodel.verify import verify", "verify": ""},
         "oracle.split must not import verify"),
        ({"look": "import statemodel.counting", "counting": ""}, "look must not import counting"),
        ({"show": "from statemodel import page", "page": "", "": ""}, "show must not import page"),
        ({"show": "from statemodel import State", "": ""}, "show must not import statemodel"),
        ({"": "from statemodel.registry import model", "registry": ""}, "statemodel must not import registry"),
        ({"drivers.table": "from .pytransitions import LiveMachine", "drivers.pytransitions": "", "drivers": ""},
         "drivers.table must not import drivers.pytransitions"),
        ({"drivers.table": "from transitions import Machine"},
         "drivers.table must not import transitions: only drivers.pytransitions does"),
        ({"oracle.check": "import hypothesis.strategies"},
         "oracle.check must not import hypothesis: only testing.machine does"),
        ({"cli.check": "def f():\n    import pytest"}, "cli.check must not import pytest: only pytest_plugin does"),
        ({"cli.check": "def f():\n    import yaml"},
         "cli.check must not import yaml: a plain install does not bring it"),
        ({"oracle.check": "def f():\n    import numpy"}, "oracle.check must not import numpy: only oracle.bulk does"),
        ({"helpers": ""}, "helpers is in no room: give it one in FLOORS"),
        ({"catalogue.a": "import statemodel.catalogue.b", "catalogue.b": "import statemodel.catalogue.a"},
         "circle: catalogue.a -> catalogue.b -> catalogue.a"),
    ],
)
def test_a_wrong_import_is_named(sources, problem):
    """Each rule catches what breaks it."""
    assert problems(sources) == [problem]


@pytest.mark.parametrize(
    "sources",
    [
        {"model.graph": "if TYPE_CHECKING:\n    from statemodel.model.operation import Operation",
         "model.operation": "from statemodel.model.graph import State"},
        {"drivers.pytransitions": "import transitions\nfrom statemodel.drivers import plan", "drivers": "import attrs"},
        {"cli.models": "from statemodel import page\nfrom statemodel.cli.names import named",
         "page": "", "cli.names": ""},
        {"catalogue.a": "import statemodel.catalogue.b", "catalogue.b": "def f():\n    import statemodel.catalogue.a"},
    ],
)
def test_a_right_import_is_let_pass(sources):
    """What stands in the package today, in small."""
    assert problems(sources) == []


def test_floors_are_told_apart():
    """Each floor of the table lies above the one before it."""
    ground = [room[0] for rooms in FLOORS for room in rooms[:1] if room[0]]
    assert all(is_downward(upper, lower) and not is_downward(lower, upper) for lower, upper in pairwise(ground))
