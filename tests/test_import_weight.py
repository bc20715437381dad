"""A plain install is light: the package loads attrs alone, and works where no extra is installed."""

import subprocess
import sys
from pathlib import Path

import pytest

import statemodel

# What a fresh interpreter has loaded of other people's packages after a line of code.
WEIGHT = """
import sys
{line}
names = {{name.partition(".")[0] for name in sys.modules}}
own = sys.stdlib_module_names | {{"statemodel", "__main__", "__mp_main__"}}
print(*sorted(name for name in names - own if getattr(sys.modules.get(name), "__spec__", None)))
"""
# The command line as a plain install has it: packages of extras cannot be imported, and nobody knows their versions.
PLAIN = """
import importlib.metadata, sys
EXTRAS = ("hypothesis", "pytest", "_pytest", "graphviz_pure", "uvicorn", "tencentcloud", "alibabacloud_fc20230330")

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in EXTRAS:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
known = importlib.metadata.distribution

def distribution(name):
    if name.replace("-", "_") in EXTRAS:
        raise importlib.metadata.PackageNotFoundError(name)
    return known(name)

importlib.metadata.distribution = distribution
"""
COMMANDS = f"{PLAIN}\nfrom statemodel.cli import main\nsys.exit(main(sys.argv[1:]))\n"
HISTORY = str(Path(__file__).parent / "histories" / "scf-T10.jsonl")


def ran(program, *argv):
    """A finished interpreter that ran a program on this very package."""
    return subprocess.run([sys.executable, "-c", program, *argv], capture_output=True, text=True, check=False,  # noqa: S603
                          cwd=Path(statemodel.__file__).parents[1], encoding="utf-8")


def weight(line):
    """The packages a line of code loads besides those that every interpreter here loads at its start."""
    done, bare = (ran(WEIGHT.format(line=each)) for each in (line, ""))
    assert (done.returncode, done.stderr) == (0, "")
    return sorted(set(done.stdout.split()) - set(bare.stdout.split()))


def test_the_package_loads_attrs_alone():
    """`import statemodel` brings the words of a model and nothing heavier."""
    assert weight("import statemodel") == ["attr", "attrs"]


@pytest.mark.parametrize("line", ["import statemodel.registry", "import statemodel.oracle.check",
                                  "import statemodel.verify", "import statemodel.drivers.table",
                                  "import statemodel.cli.arguments", "import statemodel.drawing.picture",
                                  "import statemodel.testing.child", "import statemodel.simulator",
                                  "import statemodel.servers.stdio", "import statemodel.waiters.runner",
                                  "import statemodel.standing", "import statemodel.diff",
                                  "import statemodel.servers.http", "import statemodel.adapters.tencent",
                                  "import statemodel.adapters.alibaba"])
def test_what_reads_a_model_is_as_light(line):
    """Only the live machine brings the package that runs it."""
    assert weight(line) == ["attr", "attrs"]


def test_the_live_machine_brings_its_package():
    """What is heavier is seen."""
    assert "transitions" in weight("import statemodel.drivers.pytransitions")


@pytest.mark.parametrize("module", ["hypothesis", "pytest", "graphviz_pure"])
def test_what_is_kept_out_cannot_be_imported(module):
    """The stand-in for a plain install keeps the packages of extras out, or the tests below would show nothing."""
    done = ran(f"{PLAIN}\nimport {module}")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"ModuleNotFoundError: No module named {module!r}"


@pytest.mark.parametrize(
    ("argv", "begins"),
    [
        (["list"], "scf "),
        (["show", "scf.billing"], "scf.billing"),
        (["show", "scf.billing", "--format", "md"], "# scf.billing"),
        (["show", "scf.billing", "--format", "json"], "{"),
        (["draw", "scf.billing", "--format", "dot"], "digraph"),
        (["draw", "scf.billing", "--format", "mermaid"], "stateDiagram-v2\n"),
        (["draw", "scf.billing", "--format", "plantuml"], "@startuml"),
        (["verify", "scf.billing"], "scf.billing: "),
        (["check", "scf.function", HISTORY], "scf.function: 1 history of 4 records: 1 conforms"),
        (["explain", "SM201"], "SM201: "),
        (["waiter", "scf.function", "--until", "Active"], "scf.function until Active, as GetFunction shows it"),
        (["diff", "scf.layer", "scf.layer"], "no change"),
    ],
)
def test_a_plain_install_does_everything_but_pictures(argv, begins):
    """Every command works without an extra."""
    done = ran(COMMANDS, *argv)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(begins)


def test_a_face_asks_for_its_extra():
    """HTTP needs an extra, and says which in one line."""
    done = ran(COMMANDS, "simulate", "scf", "--http", "0")
    message = "statemodel: error: an HTTP face needs an extra: pip install 'statemodel[server]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)


@pytest.mark.parametrize("asked", [["scf.billing", "--format", "svg"], ["scf.billing", "--format", "png"], ["--all"]])
def test_a_picture_asks_for_its_extra(asked, tmp_path):
    """A picture needs an extra, says which in one line, and nothing is written."""
    done = ran(COMMANDS, "draw", *asked, "--out", str(tmp_path / "there"))
    message = "statemodel: error: a picture needs an extra: pip install 'statemodel[draw]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)
    assert list(tmp_path.iterdir()) == []
