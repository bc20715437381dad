"""Any plain class is an adapter; whatever it gives back is checked, and rubbish is an error of the adapter."""

import asyncio
import pickle
import sys

import pytest

from statemodel.errors import AdapterError, StateModelError, UsageError
from statemodel.testing.adapter import Link, Reply, load_factory, open_link

OPERATIONS = ("CreateFunction", "GetFunction", "PublishVersion")
RIGHT = 'either {"result": {...}} with a JSON object, or {"error": "Code"} with a code'
EITHER = "let call(op, args) give back one of the two"
THERE = "run the command where it lies, or set PYTHONPATH"
CALLABLE = "a class or a function that makes a client"
STEERED = "nothing or True where it was done, False where the client cannot"


class Plain:
    """The least that is an adapter."""

    def reset(self):
        """Nothing to forget."""

    def call(self, op, args):
        """Say what was asked."""
        return {"result": {"op": op, "args": args}}


class Steered(Plain):
    """An adapter that can do all there is."""

    def __init__(self):
        self.log = []

    def advance(self, seconds):
        self.log.append(seconds)

    def outcome(self, event):
        return event != "unknown"

    def happen(self, event):
        return event == "balance exhausted"

    def fingerprint(self):
        return tuple(self.log)

    def close(self):
        self.log.append("closed")


def answering(found, **more):
    """A link to a client that answers every call so."""
    return Link(type("Client", (Plain,), {"call": lambda *_: found, **more})(), OPERATIONS)


def message(act, *args):
    """What an adapter error says."""
    with pytest.raises(AdapterError) as caught:
        act(*args)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert isinstance(again, StateModelError)
    assert (str(again), again.args) == (str(caught.value), caught.value.args)
    return str(caught.value)


def said(asked, came, expected, mend):
    """The text of an adapter error."""
    return f"the adapter was asked {asked}: {came}; expected {expected}. To mend it: {mend}."


# ------------------------------------------------------------------------------------------------- what works


def test_a_plain_class_is_an_adapter():
    """Calls reach it, and without declared abilities it offers every operation."""
    with open_link(Plain, OPERATIONS) as link:
        link.reset()
        args = {"FunctionName": "f"}
        assert link.call("GetFunction", args) == Reply(result={"op": "GetFunction", "args": {"FunctionName": "f"}})
        assert link.call("GetFunction") == Reply(result={"op": "GetFunction", "args": {}})
        assert (link.abilities, link.calls) == (frozenset(OPERATIONS), 2)


def test_what_a_client_cannot_is_said():
    """A client without a clock and the rest says so to whoever steers, and nothing is asked of it."""
    link = Link(Plain(), OPERATIONS)
    assert (link.advance(1), link.outcome("x"), link.happen("x")) == (False, False, False)
    assert (link.has_fingerprint, link.fingerprint()) == (False, None)


def test_methods_are_abilities():
    """What has a method for it can be steered; what the method denies is denied."""
    client = Steered()
    with Link(client, OPERATIONS) as link:
        assert link.abilities == {*OPERATIONS, "clock", "outcome", "environment"}
        assert (link.advance(60), link.outcome("create failed"), link.outcome("unknown")) == (True, True, False)
        assert (link.happen("balance exhausted"), link.happen("nothing")) == (True, False)
        assert link.fingerprint() == (60,)
    link.close()
    assert client.log == [60, "closed"]


def test_declared_abilities_are_all_there_are():
    """What is not declared is not asked for, though there is a method."""
    client = Steered()
    client.abilities = ("GetFunction", "outcome", "content")
    link = Link(client, OPERATIONS)
    assert link.abilities == {"GetFunction", "outcome", "content"}
    assert (link.advance(60), client.log) == (False, [])


def test_a_refusal_is_a_reply():
    """An error code comes back as such; other fields beside it are passed over."""
    reply = answering({"error": "ResourceNotFound.Function", "message": "no"}).call("GetFunction", {})
    assert reply == Reply(error="ResourceNotFound.Function")
    assert reply.to_record() == {"error": "ResourceNotFound.Function"}
    assert answering({"result": {}}).call("GetFunction", {}).to_record() == {"result": {}}


def test_neither_side_sees_later_changes():
    """What goes in and what comes out are copies."""
    held, given = {"result": {"list": [1]}}, {"RoutingConfig": {"weights": [1]}}

    def call(_self, _op, args):
        args["RoutingConfig"]["weights"].append(2)
        return held

    link = answering(None, call=call)
    reply = link.call("GetFunction", given)
    held["result"]["list"].append(2)
    assert (reply.result, given) == ({"list": [1]}, {"RoutingConfig": {"weights": [1]}})


# ------------------------------------------------------------------------------------------------- rubbish


@pytest.mark.parametrize(
    ("found", "came"),
    [
        (None, "the answer is None in None"),
        ("Active", "the answer is 'Active' in 'Active'"),
        ({}, "the answer has neither result nor error in {}"),
        ({"results": {}}, "the answer has neither result nor error in {'results': {}}"),
        ({"result": {}, "error": None}, "the answer has both result and error in {'result': {}, 'error': None}"),
        ({"error": ""}, "error is '' in {'error': ''}"),
        ({"error": 404}, "error is 404 in {'error': 404}"),
        ({"result": None}, "result is None in {'result': None}"),
        ({"result": []}, "result is [] in {'result': []}"),
        ({"result": {1: 2}}, "result has the key 1 in {'result': {1: 2}}"),
        ({"result": {"a": [{"b": {1}}]}}, "result.a[0].b is {1} in {'result': {'a': [{'b': {1}}]}}"),
        ({"result": {"a": float("nan")}}, "result.a is nan in {'result': {'a': nan}}"),
        ({"result": {"a": (1,)}}, "result.a is (1,) in {'result': {'a': (1,)}}"),
        ({"result": {"a": b"x"}}, "result.a is b'x' in {'result': {'a': b'x'}}"),
    ],
)
def test_an_answer_that_is_none_is_refused(found, came):
    """The message says what came, where it is wrong, and what would be right."""
    link = answering(found)
    asked = 'to call GetFunction {"FunctionName": "f"}'
    assert message(link.call, "GetFunction", {"FunctionName": "f"}) == said(asked, came, RIGHT, EITHER)


def test_a_long_answer_is_cut():
    """What came back is shown up to 300 characters."""
    text = message(answering("x" * 1000).call, "GetFunction", {})
    assert len(text) < 1000
    assert "x" * 296 + "... in " in text


def test_an_exception_is_chained():
    """What the code of the adapter raises is told, with its cause."""

    def call(_self, _op, _args):
        raise ConnectionError("no route")

    link = answering(None, call=call)
    mend = "mend the adapter; a refusal by the service is given back as an error code, never raised"
    with pytest.raises(AdapterError) as caught:
        link.call("GetFunction", {})
    assert str(caught.value) == said("to call GetFunction {}", "raised ConnectionError('no route')", "an answer", mend)
    assert isinstance(caught.value.__cause__, ConnectionError)


@pytest.mark.parametrize(
    ("method", "act", "asked"),
    [
        ("advance", lambda link: link.advance(60), "to advance 60 seconds"),
        ("outcome", lambda link: link.outcome("create failed"), "for the outcome 'create failed'"),
        ("happen", lambda link: link.happen("idle"), "to let 'idle' happen"),
    ],
)
def test_a_steer_says_yes_or_no(method, act, asked):
    """A steering method gives back nothing, True or False."""
    link = answering(None, **{method: lambda *_: 3})
    mend = f"let {method}() return one of these"
    assert message(act, link) == said(asked, "3 came back", STEERED, mend)


def test_a_fingerprint_has_a_hash():
    """States that cannot be told apart by hash are refused."""
    link = answering(None, fingerprint=lambda _: [1])
    came = "[1] came back, which has no hash (unhashable type: 'list')"
    mend = "let fingerprint() give back tuples instead of lists and dictionaries"
    right = "something hashable, such as a tuple or a text"
    assert message(link.fingerprint) == said("for its fingerprint", came, right, mend)


@pytest.mark.parametrize(
    ("abilities", "came", "expected", "mend"),
    [
        ("clock", "'clock' came back", "a tuple of names", "name operations and abilities"),
        ((1,), "(1,) came back", "a tuple of names", "name operations and abilities"),
        (("clock",), "it declares 'clock' and has no method 'advance'", "a method for every ability that steers",
         "write 'advance', or leave 'clock' out"),
    ],
)  # fmt: skip
def test_abilities_are_known(abilities, came, expected, mend):
    """What is no tuple of names is refused, and an ability without its method."""
    client = Plain()
    client.abilities = abilities
    assert message(Link, client, OPERATIONS) == said("for its abilities", came, expected, mend)


@pytest.mark.parametrize(
    ("abilities", "beyond"),
    [
        (("clok", "GetFunction"), ("clok: did you mean clock?",)),
        (("GetFunctions",), ("GetFunctions: did you mean GetFunction or CreateFunction?",)),
        (("GetFunction", "SendMessage"), ("SendMessage",)),
    ],
)  # fmt: skip
def test_abilities_beyond_the_model(abilities, beyond):
    """What the model does not know is put aside, with its nearest where there is one."""
    client = Plain()
    client.abilities = abilities
    link = Link(client, OPERATIONS)
    assert (link.beyond, link.abilities <= {"GetFunction"}) == (beyond, True)


def test_methods_are_there():
    """A class without call is no adapter; nor is a class handed over instead of one of its objects."""
    right, asked = "a class with reset() and call(op, args)", "for its methods"
    nothing = said(asked, "a object has no method 'reset'", right, "write 'reset', or name the class that has it")
    assert message(Link, object(), OPERATIONS) == nothing


def test_a_factory_may_fail():
    """What a factory raises is told, and what it made is closed where it is no adapter."""

    def fail():
        raise OSError("no credentials")

    mend = "mend the adapter; a refusal by the service is given back as an error code, never raised"
    assert message(open_link, fail, OPERATIONS) == said(
        "to be made", "raised OSError('no credentials')", "an answer", mend
    )
    client = Steered()
    client.abilities = "nothing"
    message(open_link, lambda: client, OPERATIONS)
    assert client.log == ["closed"]


def test_a_closed_link_is_closed():
    """Nothing is asked of a client that was closed."""
    link = Link(Plain(), OPERATIONS)
    link.close()
    assert message(link.reset) == said("to reset", "it is closed", "an open adapter", "open a new one")


# ------------------------------------------------------------------------------------------------- async


class Async:
    """The same with coroutines; it remembers the loops it ran on."""

    def __init__(self):
        self.loops = {asyncio.get_running_loop()}

    async def reset(self):
        self.loops.add(asyncio.get_running_loop())

    async def call(self, op, args):
        await asyncio.sleep(0)
        self.loops.add(asyncio.get_running_loop())
        return {"result": {"op": op, **args}}

    async def advance(self, seconds):
        await asyncio.sleep(seconds)

    async def fingerprint(self):
        return len(self.loops)

    async def close(self):
        self.loops.add(asyncio.get_running_loop())


def use():
    """What a client of coroutines does, from its making to its end: loops it ran on, and what it answered."""
    made = []

    async def make():
        made.append(Async())
        return made[0]

    with open_link(make, OPERATIONS) as link:
        link.reset()
        reply = link.call("GetFunction", {"a": 1})
        assert link.abilities == {*OPERATIONS, "clock"}
        assert (link.advance(0), link.fingerprint()) == (True, 1)
    return len(made[0].loops), reply.result


def test_coroutines_run_on_one_loop():
    """Making, calling and closing share a loop, as sessions of HTTP clients demand."""
    assert use() == (1, {"op": "GetFunction", "a": 1})


def test_it_works_within_a_running_loop():
    """A test that is a coroutine itself may use it too."""

    async def whole():
        return use()

    assert asyncio.run(whole()) == (1, {"op": "GetFunction", "a": 1})


def test_what_is_awaited_has_a_time_limit():
    """A coroutine that hangs is given up."""

    class Slow(Plain):
        async def call(self, _op, _args):
            await asyncio.sleep(3600)

    mend = "let the adapter answer sooner, or raise the time limit"
    with open_link(Slow, OPERATIONS, timeout_s=0.05) as link:
        text = message(link.call, "GetFunction", {})
    assert text == said("to call GetFunction {}", "no answer within 0.05 s", "an answer", mend)


def test_a_time_limit_of_the_adapter_is_its_own():
    """A client that times out by itself is told as it is."""

    async def call(_self, _op, _args):
        raise TimeoutError("socket")

    with answering(None, call=call) as link:
        assert "raised TimeoutError('socket')" in message(link.call, "GetFunction", {})


# ------------------------------------------------------------------------------------------------- by name


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Writes a module into the current directory, which no path leads to."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [one for one in sys.path if one not in ("", str(tmp_path))])

    def write(name, text):
        monkeypatch.delitem(sys.modules, name, raising=False)
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")

    return write


def test_a_factory_is_found_in_the_current_directory(module):
    """module:factory names a class, a function, or what leads to one by dots."""
    module("my_client", "class My:\n    @staticmethod\n    def made(): return 7\nLEVEL = 3\n")
    assert load_factory("my_client:My").__name__ == "My"
    assert load_factory("my_client:My.made")() == 7


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("my_client", "client my_client: expected MODULE:FACTORY, such as my_client:Client."),
        (":My", "client :My: expected MODULE:FACTORY, such as my_module:My."),
        ("nowhere:My", f"client nowhere:My: no module 'nowhere' can be imported here. To mend it: {THERE}."),
        ("my_broken:My", ("client my_broken:My: importing module 'my_broken' raised RuntimeError('not today'). "
         'To mend it: mend the module; python -c "import my_broken" shows where.')),
        ("my_client:Mine", "client my_client:Mine: module my_client has no 'Mine'; it has My."),
        ("my_client:LEVEL", f"client my_client:LEVEL: it is of type int; expected {CALLABLE}."),
    ],
)  # fmt: skip
def test_a_factory_that_is_none_is_named(module, name, text):
    """What cannot be found, imported or called is a usage error that says so."""
    module("my_client", "class My: pass\nLEVEL = 3\n")
    module("my_broken", "raise RuntimeError('not today')")
    with pytest.raises(UsageError) as caught:
        load_factory(name)
    assert str(caught.value) == text
