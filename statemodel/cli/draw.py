"""`draw`: drawings on standard output or as files, and whether committed ones are fresh."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from statemodel.cli.drawn import PICTURES, SUFFIXES, drawn, fenced, index, service_of, services_of
from statemodel.cli.files import Files, compared, into, written
from statemodel.cli.names import named
from statemodel.cli.output import say
from statemodel.errors import StateModelError
from statemodel.model.service import Model
from statemodel.registry import MODELS

DEFAULT_OUT = "diagrams"
DEFAULT_FORMATS = ("dot", "mermaid", "svg")


def draw(asked: argparse.Namespace) -> int:
    """Draw one model or all of them: print, write, or compare."""
    formats = (asked.format,) if asked.format else DEFAULT_FORMATS
    if asked.into:
        return _into(asked)
    if asked.all:
        files, place = all_files(formats), Path(asked.out or DEFAULT_OUT)
        return compared(files, place, everything=not asked.format) if asked.check else written(files, place)
    chosen = named(asked.model)
    if asked.check:
        place = Path(asked.out) if asked.out else Path(DEFAULT_OUT) / service_of(chosen.name)
        return compared(model_files(chosen, formats), place, everything=False)
    if asked.out:
        return written(model_files(chosen, formats), Path(asked.out))
    form = asked.format or "dot"
    if form in PICTURES:
        raise StateModelError(f"{form} is not for standard output: name a folder with --out DIR")
    say(drawn(chosen, form).decode())
    return 0


def _into(asked: argparse.Namespace) -> int:
    """Draw within a file."""
    if asked.all or asked.out:
        raise StateModelError("--into fills one region with one model: leave --all and --out away")
    form = asked.format or "mermaid"
    if form in PICTURES:
        raise StateModelError(f"{form} is a picture: write it with --out DIR and link to it, or choose a text format")
    return into(asked.into, fenced(named(asked.model), form), is_check=asked.check)


def model_files(chosen: Model, formats: Sequence[str]) -> Files:
    """Drawings of one model by file name."""
    return {f"{_file_name(chosen.name)}.{SUFFIXES[form]}": drawn(chosen, form) for form in formats}


def all_files(formats: Sequence[str]) -> Files:
    """Drawings of every model by path: a folder for each service with a page of its own, and the index of all."""
    files: dict[str, bytes] = {}
    for service, models in services_of(MODELS.values()).items():
        for each in models:
            files.update((f"{service}/{name}", content) for name, content in model_files(each, formats).items())
        files[f"{service}/README.md"] = index(service, models, formats).encode()
    files["README.md"] = index(None, tuple(MODELS.values()), formats).encode()
    return files


def _file_name(name: str) -> str:
    return name.replace("/", "_").replace("\\", "_")
