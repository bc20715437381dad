"""Every model is found by its name, one's own by where it stands, and nothing else is."""

import subprocess
import sys

import pytest

from statemodel.catalogue import ASYNC_EVENT, ASYNC_TASK, FC, LAMBDA, LAYER, REQUEST, SCF, alibaba_fc, tencent_scf
from statemodel.errors import DefinitionError, UsageError
from statemodel.model.service import Service
from statemodel.registry import MODELS, model

NAMES = (
    "scf", "scf.function", "scf.version", "scf.alias", "scf.billing", "scf.layer", "scf.request", "scf.async_event",
    "fc", "fc.function", "fc.version", "fc.alias", "fc.invocation", "fc.account", "fc.async_task",
    "lambda", "lambda.function", "lambda.update", "lambda.version", "lambda.alias",
)
INDEPENDENT = (
    *((graph, tencent_scf.SKIPPED) for graph in (LAYER, REQUEST, ASYNC_EVENT)), (ASYNC_TASK, alibaba_fc.SKIPPED),
)
OWN = """
from statemodel.catalogue import LAYER, SCF
from statemodel.model.service import alone

GRAPH = LAYER
SERVICE = alone(LAYER)
NUMBER = 7
"""
CONTRADICTORY = """
import attrs

from statemodel.catalogue import LAYER

GRAPH = attrs.evolve(LAYER, initial="Nowhere")
"""


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Writes a module that can be imported, under a name that no other test uses."""
    monkeypatch.syspath_prepend(tmp_path)
    written = []

    def write(name, text):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        written.append(name)

    yield write
    for name in written:
        sys.modules.pop(name, None)


def test_names():
    assert sorted(MODELS) == sorted(NAMES)
    for name in NAMES:
        assert model(name) is MODELS[name]
        assert model(name).name == name


def test_composed_services_are_the_catalogue_s_own():
    assert model("scf") is SCF
    assert model("fc") is FC
    assert model("lambda") is LAMBDA


@pytest.mark.parametrize("whole", [SCF, FC, LAMBDA], ids=lambda whole: whole.name)
def test_parts_are_seen_alone_with_the_others_around(whole):
    for graph in whole.parts:
        part = model(graph.name)
        assert isinstance(part, Service)
        assert [each is graph for each in part.parts] == [True]
        assert {each.name for each in part.around} == {each.name for each in whole.parts} - {graph.name}
        assert part.skip_codes == whole.skip_codes != ()


@pytest.mark.parametrize(("graph", "skipped"), INDEPENDENT, ids=lambda one: getattr(one, "name", ""))
def test_independent_graphs_have_nothing_around_and_skip_what_their_provider_does(graph, skipped):
    found = model(graph.name)
    assert isinstance(found, Service)
    assert (found.parts, found.around, found.skip_codes) == ((graph,), (), skipped)


def test_models_cannot_be_replaced():
    with pytest.raises(TypeError):
        MODELS["scf"] = FC


def test_unknown_name():
    with pytest.raises(UsageError) as caught:
        model("scf.functions")
    assert (caught.value.what, caught.value.given, caught.value.known) == ("model", "scf.functions", tuple(MODELS))


def test_own_graph_and_service(own):
    own("own_models", OWN)
    assert model("own_models:GRAPH") is LAYER
    assert model("own_models:SERVICE").parts == (LAYER,)
    assert model("statemodel.catalogue.tencent_scf:SCF") is SCF


def test_own_model_that_a_module_makes_when_asked(own):
    own("own_models_lazy", "def __getattr__(name):\n    from statemodel.catalogue import SCF\n    return SCF\n")
    assert model("own_models_lazy:GRAPH") is SCF


def test_own_attribute_missing(own):
    own("own_models_lacking", OWN)
    there = "LAYER, SCF, GRAPH, SERVICE"
    for attribute, said in (
        ("GRAPHS", "module own_models_lacking has no 'GRAPHS'; did you mean 'GRAPH'?"),
        ("NOTHING", f"module own_models_lacking has no 'NOTHING'; it has {there}."),
        ("", f"it names nothing of module own_models_lacking; it has {there}."),
    ):
        with pytest.raises(UsageError) as caught:
            model(f"own_models_lacking:{attribute}")
        assert (caught.value.what, caught.value.given) == ("model", f"own_models_lacking:{attribute}")
        assert caught.value.known == ("LAYER", "SCF", "GRAPH", "SERVICE")
        assert str(caught.value) == f"model own_models_lacking:{attribute}: {said}"


def test_own_attribute_of_another_kind(own):
    own("own_models_of_another_kind", OWN)
    for attribute, kind in (("NUMBER", "int"), ("alone", "function")):
        with pytest.raises(UsageError) as caught:
            model(f"own_models_of_another_kind:{attribute}")
        name = f"own_models_of_another_kind:{attribute}"
        assert str(caught.value) == f"model {name}: it is of type {kind}; expected a TransitionGraph or a Service."


@pytest.mark.parametrize("module", ["no_such_module", "statemodel.no_such_module", "no_such.module", "no such module"])
def test_own_module_missing(module):
    missing = "no_such" if module == "no_such.module" else module
    with pytest.raises(UsageError, match=f"no module '{missing}' can be imported here. To mend it: run ") as caught:
        model(f"{module}:GRAPH")
    assert caught.value.given == f"{module}:GRAPH"
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("module", ["", ".relative", "double..dot"])
def test_own_module_without_a_name(module):
    with pytest.raises(UsageError, match=r"expected package\.module:attribute, such as [\w.]+:GRAPH\."):
        model(f"{module}:GRAPH")


@pytest.mark.parametrize(
    ("name", "text", "raised"),
    [
        ("own_models_importing", "import no_such_module", "No module named 'no_such_module'"),
        ("own_models_raising", "raise RuntimeError('told so')", "told so"),
        ("own_models_misspelled", "GRAPH = (", "was never closed"),
    ],
)
def test_own_module_that_cannot_be_imported_says_why(own, name, text, raised):
    own(name, text)
    with pytest.raises(UsageError, match=raised) as caught:
        model(f"{name}:GRAPH")
    assert str(caught.value).startswith(f"model {name}:GRAPH: importing module {name!r} raised ")


def test_own_model_that_contradicts_itself_is_told_as_such(own):
    own("own_models_contradictory", CONTRADICTORY)
    with pytest.raises(DefinitionError, match="Nowhere"):
        model("own_models_contradictory:GRAPH")


def test_only_what_is_needed_is_imported():
    heavy = ("transitions", "hypothesis", "pytest", "graphviz", "statemodel.drivers", "statemodel.oracle")
    text = (
        "import sys, statemodel, statemodel.registry\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"
