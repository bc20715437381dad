"""A diagram as a picture, drawn by the one renderer that writes the same bytes everywhere."""

import os
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from statemodel.drawing.dot import to_dot
from statemodel.drawing.outline import Diagram
from statemodel.errors import MissingExtraError, StateModelError

RENDERER = "graphviz-pure"
VERSION = "0.2.2"

Form = Literal["svg", "png"]


def picture(diagram: Diagram, form: Form) -> bytes:
    """The diagram as SVG, with its title and description for those who cannot see it, or as PNG.

    Raises:
        MissingExtraError: the renderer is not installed.
        StateModelError: it is installed in another version, or it failed.
    """
    image = render(to_dot(diagram), form)
    return described(image, diagram.title, diagram.alt) if form == "svg" else image


def render(dot: str, form: Form) -> bytes:
    """What the renderer makes of DOT text; its warnings are left out.

    Raises:
        MissingExtraError: the renderer is not installed.
        StateModelError: it is installed in another version, or it failed.
    """
    done = subprocess.run([_command(), f"-T{form}"], input=dot.encode(), capture_output=True, check=False)  # noqa: S603
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip() or "nothing"
        raise StateModelError(f"{RENDERER} -T{form} ended with {done.returncode} and said: {said}")
    return done.stdout


def described(svg: bytes, title: str, alt: str) -> bytes:
    """The same SVG as one image with a name and a description."""
    start = svg.index(b"<svg")
    end = svg.index(b">", start)
    role = f' role="img" aria-label="{_escaped(title)}"'
    words = f"\n<title>{_escaped(title)}</title>\n<desc>{_escaped(alt)}</desc>"
    return svg[:end] + role.encode() + b">" + words.encode() + svg[end + 1 :]


def _command() -> str:
    """Where the renderer is: beside the running interpreter, or else where commands are looked for."""
    try:
        found = version(RENDERER)
    except PackageNotFoundError:
        raise MissingExtraError("a picture", "draw") from None
    if found != VERSION:
        raise StateModelError(f"a picture needs {RENDERER} {VERSION}, and {found} is installed")
    places = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    command = shutil.which(RENDERER, path=places)
    if command is None:
        raise MissingExtraError("a picture", "draw")
    return command


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
