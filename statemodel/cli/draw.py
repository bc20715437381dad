"""`draw`: drawings on standard output or as files, and whether committed ones are fresh."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from statemodel.cli.drawn import PICTURES, SUFFIXES, drawn, index, service_of, services_of
from statemodel.cli.names import named
from statemodel.cli.output import say
from statemodel.errors import StateModelError
from statemodel.model.service import Model
from statemodel.registry import MODELS

DEFAULT_OUT = "diagrams"
DEFAULT_FORMATS = ("dot", "mermaid", "svg")

Files = Mapping[str, bytes]


def draw(asked: argparse.Namespace) -> int:
    """Draw one model or all of them: print, write, or compare."""
    formats = (asked.format,) if asked.format else DEFAULT_FORMATS
    if asked.all:
        files, place = all_files(formats), Path(asked.out or DEFAULT_OUT)
        return _compared(files, place, everything=not asked.format) if asked.check else _written(files, place)
    chosen = named(asked.model)
    if asked.check:
        place = Path(asked.out) if asked.out else Path(DEFAULT_OUT) / service_of(chosen.name)
        return _compared(model_files(chosen, formats), place, everything=False)
    if asked.out:
        return _written(model_files(chosen, formats), Path(asked.out))
    form = asked.format or "dot"
    if form in PICTURES:
        raise StateModelError(f"{form} is not for standard output: name a folder with --out DIR")
    say(drawn(chosen, form).decode())
    return 0


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


def _written(files: Files, place: Path) -> int:
    for name, content in files.items():
        target = place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        say(str(target))
    return 0


def _compared(files: Files, place: Path, *, everything: bool) -> int:
    """Name every file that is missing or differs, and where everything was drawn those that nobody draws."""
    wrong = []
    for name, content in files.items():
        target = place / name
        if not target.is_file():
            wrong.append(f"missing: {target}")
        elif target.read_bytes() != content:
            wrong.append(f"stale: {target}")
    if everything and place.is_dir():
        there = sorted(each for each in place.rglob("*") if each.is_file())
        wrong.extend(f"extra: {each}" for each in there if each.relative_to(place).as_posix() not in files)
    say("\n".join(wrong) if wrong else f"{len(files)} files are fresh")
    return 1 if wrong else 0
