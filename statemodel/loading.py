"""What a name such as "package.module:attribute" leads to. Knows neither models nor clients."""

from collections.abc import Callable
from difflib import get_close_matches
from importlib import import_module
from typing import Any, Final

import attrs

from statemodel.errors import StateModelError, UsageError

NAMED: Final = 8


@attrs.frozen
class Sort:
    """What is looked for.

    Attributes:
        what: what a message begins with, such as "model" or the option that the name was given with.
        form: how a name is spelled, in words.
        example: an attribute that a name may lead to.
        wanted: what it must lead to, in words.
        has: whether a value is such a thing.
    """

    what: str
    form: str
    example: str
    wanted: str
    has: Callable[[object], bool]


def loaded(name: str, sort: Sort) -> Any:
    """What a name leads to: a module, and by dots an attribute of it.

    >>> loaded("json:JSONEncoder.encode", Sort("call", "MODULE:CALL", "run", "a function", callable)).__name__
    'encode'

    Args:
        name: "package.module:attribute".
        sort: what it must be.

    Raises:
        UsageError: the name is spelled otherwise, there is no such module or attribute, the module cannot be imported,
            or it is of another sort. The text says which, and what to do.
        StateModelError: the module raised one when it was imported.
    """
    module, colon, attribute = name.partition(":")
    if not (module and colon) or "" in module.split("."):
        example = f"{_as_imported(module) or 'my_module'}:{attribute or sort.example}"
        raise UsageError(sort.what, name, (), f"expected {sort.form}, such as {example}")
    place = found = _module(name, module, sort)
    owner = f"module {module}"
    for part in attribute.split("."):
        try:
            found = getattr(found, part)
        except AttributeError as error:
            raise _lacking(name, sort, owner, part, _candidates(found, sort)) from error
        owner = f"{part} of {owner}"
    if not sort.has(found):
        kind = type(found).__name__
        raise UsageError(sort.what, name, _candidates(place, sort), f"it is of type {kind}; expected {sort.wanted}")
    return found


def _as_imported(path: str) -> str:
    """The name of a module that was given as a file, or as it is.

    >>> _as_imported("./my/client.py")
    'my.client'
    """
    return path.removesuffix(".py").strip("./").replace("/", ".")


def _module(name: str, module: str, sort: Sort) -> Any:
    try:
        return import_module(module)
    except StateModelError:
        raise
    except (Exception, SystemExit) as error:  # it may raise whatever its author lets it
        problem, mend = _not_imported(name, module, error)
        raise UsageError(sort.what, name, (), problem, mend) from error


def _not_imported(name: str, module: str, error: BaseException) -> tuple[str, str]:
    """Why a module cannot be imported, and what to do."""
    if isinstance(error, ModuleNotFoundError) and error.name and f"{module}.".startswith(f"{error.name}."):
        problem = f"no module {error.name!r} can be imported here"
        if module.endswith(".py") or "/" in module:
            return problem, f"write {_as_imported(module)}:{name.partition(':')[2]}, as an import names the module"
        return problem, "run the command where it lies, or set PYTHONPATH"
    if isinstance(error, SystemExit):
        mend = 'let it end under `if __name__ == "__main__"` alone'
        return f"importing module {module!r} ended the program ({_shown(error)})", mend
    mend = "mend the module"
    if isinstance(error, ModuleNotFoundError) and error.name:
        mend = f"install what brings {error.name!r}, or mend the module"
    return f"importing module {module!r} raised {_shown(error)}", f'{mend}; python -c "import {module}" shows where'


def _lacking(name: str, sort: Sort, owner: str, part: str, known: tuple[str, ...]) -> UsageError:
    """What to say where there is no such attribute: those that it may have been, or those that there are."""
    problem = f"{owner} has no {part!r}" if part else f"it names nothing of {owner}"
    if part and (near := get_close_matches(part, known, 3)):
        problem += f"; did you mean {' or '.join(map(repr, near))}?"
    elif known:
        more = f" and {len(known) - NAMED} more" if len(known) > NAMED else ""
        problem += f"; it has {', '.join(known[:NAMED])}{more}"
    else:
        problem += f", and nothing else that is {sort.wanted}"
    return UsageError(sort.what, name, known, problem)


def _candidates(owner: object, sort: Sort) -> tuple[str, ...]:
    """Names within a module or class that lead to what is looked for; what it imported only if nothing else."""
    inside = getattr(owner, "__dict__", {}).items()
    found = {name: value for name, value in inside if not name.startswith("_") and sort.has(value)}
    home = getattr(owner, "__name__", None)
    own = [name for name, value in found.items() if getattr(value, "__module__", None) == home]
    return tuple(own or found)


def _shown(error: BaseException) -> str:
    """An error in words, whatever its repr does."""
    try:
        return f"{type(error).__name__}({str(error)!r})" if isinstance(error, SyntaxError) else repr(error)
    except Exception:  # noqa: BLE001  # it may raise whatever its author lets it
        return type(error).__name__
