"""Of a list that cannot be, the verdict says which entries it should have shown, and keeps that short."""

import pytest

from statemodel.oracle.check import judge
from statemodel.registry import model


def record(op, result=None, **args):
    return {"resource": "f", "op": op, "args": args, "result": result or {}}


def versions(*names, status="Active"):
    """An answer of ListVersionByFunction."""
    return {"Versions": [{"Version": name, "Status": status} for name in names], "TotalCount": len(names)}


def publications(count, status="Active"):
    """A function of which so many versions were published, each of which was seen in the status."""
    yield record("CreateFunction")
    yield record("GetFunction", {"Status": "Active"})
    for number in range(1, count + 1):
        yield record("PublishVersion", {"FunctionVersion": str(number)})
        yield record("GetFunction", {"Status": status}, Qualifier=str(number))


def verdict(*records, name="scf"):
    """The verdict on a history that begins with the resource and ends with a violation."""
    [found] = judge(model(name), list(records), start="absent").verdicts
    assert (found.code, found.line) == ("SM203", len(records))
    return found


ALIAS = record("CreateAlias", Name="a", FunctionVersion="1")
LISTS = {
    "a version is missing": (
        record("ListVersionByFunction", versions("$LATEST")),
        "ListVersionByFunction: Versions 1 (Active), perhaps $LATEST",
    ),
    "a version too many": (
        record("ListVersionByFunction", versions("1", "2")),
        "ListVersionByFunction: Versions 1 (Active), perhaps $LATEST",
    ),
    "a version in another status": (
        record("ListVersionByFunction", versions("1", status="Publishing")),
        "ListVersionByFunction: Versions 1 (Active), perhaps $LATEST",
    ),
    "an alias of another version": (
        record("ListAliases", {"Aliases": [{"Name": "a", "FunctionVersion": "2"}], "TotalCount": 1}),
        "ListAliases: Aliases $DEFAULT ($LATEST), a (1)",
    ),
    "no function": (
        record("ListFunctions", {"Functions": [], "TotalCount": 0}),
        "ListFunctions: Functions f (Active), perhaps others",
    ),
}


@pytest.mark.parametrize(("last", "expected"), LISTS.values(), ids=LISTS)
def test_entries_that_were_expected(last, expected):
    assert verdict(*publications(1), ALIAS, last).expected == (expected,)


def test_verdict_for_people():
    """The expected entries stand where other expectations stand."""
    found = verdict(*publications(1), record("ListVersionByFunction", versions("$LATEST")))
    assert found.text().splitlines()[:4] == [
        "f: violates SM203 at records:5",
        "  A read showed something that is not possible after what came before it.",
        ('  recorded   ListVersionByFunction: accepted {"Versions": [{"Version": "$LATEST", "Status": "Active"}], '
         '"TotalCount": 1}'),
        "  expected   ListVersionByFunction: Versions 1 (Active), perhaps $LATEST",
    ]


def test_nothing_was_expected():
    """Neither versions nor aliases are there, or only a name that is no version."""
    records = [record("createFunction", functionName="f"), record("getFunction", {"state": "Active"})]
    last = record("listAliases", {"aliases": [{"aliasName": "a", "versionId": "1"}]})
    assert verdict(*records, last, name="fc").expected == ("listAliases: aliases empty",)
    last = record("listFunctionVersions", {"versions": [{"versionId": "1"}]})
    assert verdict(*records, last, name="fc").expected == ("listFunctionVersions: versions perhaps LATEST",)


def test_a_few_ways_have_a_line_each():
    """What went on since the records before is not known, and the lists it may have led to are told apart."""
    records = [*publications(1, "Publishing"), record("ListVersionByFunction", versions())]
    assert verdict(*records).expected == (
        "ListVersionByFunction: Versions 1 (Active), perhaps $LATEST",
        "ListVersionByFunction: Versions 1 (PublishFailed), perhaps $LATEST",
        "ListVersionByFunction: Versions 1 (Publishing), perhaps $LATEST",
    )


def test_many_ways_are_put_together():
    """Where there are more than a few, an entry shows all that it may show."""
    records = [*publications(2, "Publishing"), record("ListVersionByFunction", versions())]
    assert verdict(*records).expected == (
        ("ListVersionByFunction: Versions 1 (Active | PublishFailed | Publishing), "
         "2 (Active | PublishFailed | Publishing), perhaps $LATEST"),
    )


@pytest.mark.parametrize(("listed", "expected"), [
    (("$LATEST", *map(str, range(1, 10))), "10 (Active), perhaps $LATEST, 9 as recorded"),
    (map(str, range(1, 13)), "perhaps $LATEST, not 11, not 12, 10 as recorded"),
])
def test_long_lists_are_cut_to_what_differs(listed, expected):
    last = record("ListVersionByFunction", versions(*listed))
    assert verdict(*publications(10), last).expected == (f"ListVersionByFunction: Versions {expected}",)
