"""Judges emulators of Lambda by the conformance suite, and writes docs/emulators.json and docs/emulators.md.

    python benchmarks/emulators.py                every emulator: each is installed into an environment of its own
    python benchmarks/emulators.py moto           one of them; what is written of the others stays
    python benchmarks/emulators.py --render       only the page again, from what was found last

One deviation may hide all others, so each emulator is looked at more than once, some answers put aside. What is known
stands in tests/real/known/, each with its evidence; anything else is printed, nothing is written, and it exits with 1.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import venv
from contextlib import contextmanager
from pathlib import Path

import attrs

TOP = Path(__file__).parent.parent
KNOWN = TOP / "tests/real/known"
RESULTS = TOP / "docs/emulators.json"
PAGE = TOP / "docs/emulators.md"
MODEL = "lambda"
ADAPTER = "statemodel.adapters.aws:adapter"
ROLE = "arn:aws:iam::123456789012:role/statemodel"
READY_S = 60
SHOWN = ("State", "LastUpdateStatus", "Version", "FunctionVersion", "content", "ExecutedVersion")
CREATED = ("CreateFunction.State",)
CHANGED = tuple(
    f"{name}.{field}"
    for name in ("CreateFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration")
    for field in ("State", "LastUpdateStatus")
)
UPDATE_STATUS = tuple(
    f"{name}.LastUpdateStatus"
    for name in (
        "CreateFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration", "PublishVersion",
        "GetFunction.Configuration", "GetFunctionConfiguration",
    )
)  # fmt: skip


@attrs.frozen
class Look:
    """One run of the suite.

    Attributes:
        name: of the file with what is known.
        aside: what the adapter puts aside: operations that are not offered, and fields of answers.
        why: what is put aside, in words; empty where nothing is.
    """

    name: str
    aside: tuple[str, ...]
    why: str


@attrs.frozen
class Emulator:
    """An emulator and how it is run.

    Attributes:
        name, package: what it is called, and the package with its version.
        command: what starts it, {bin} being where its environment keeps programs, {port} where it is to listen.
        looks: the runs.
        lacks: operations of the model that it does not offer, which are not called.
        needs: packages besides that it needs and does not ask for.
        environment: variables that it is started with.
        note: how it was set up, in words.
    """

    name: str
    package: str
    command: tuple[str, ...]
    looks: tuple[Look, ...]
    note: str
    lacks: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()


EMULATORS = (
    Emulator(
        "moto", "moto[server]==5.2.5", ("{bin}/moto_server", "-H", "127.0.0.1", "-p", "{port}"),
        (
            Look("moto-1", (), ""),
            Look("moto-2", CREATED, "the State that CreateFunction answers"),
            Look("moto", CHANGED, "the statuses that creation and updates answer"),
        ),
        "Its setting `lambda.use_docker` is false: code is not run, and calls are answered with a constant.",
        lacks=("PutProvisionedConcurrencyConfig",),
    ),
    Emulator(
        "MiniStack", "ministack==1.5.33", ("{bin}/ministack",),
        (
            Look("ministack-1", (), ""),
            Look("ministack", UPDATE_STATUS, "every LastUpdateStatus"),
        ),
        "LAMBDA_EXECUTOR is local: code runs in processes of the machine.",
        environment=(("GATEWAY_PORT", "{port}"), ("BIND_HOST", "127.0.0.1"), ("LAMBDA_EXECUTOR", "local")),
    ),
    Emulator(
        "LocalRun", "aws-local-run==1.1.0", ("{bin}/aws-local-run", "start", "--host", "127.0.0.1", "--port", "{port}"),
        (
            Look("localrun-1", (), ""),
            Look(
                "localrun",
                (*CHANGED, *UPDATE_STATUS, *(f"{name}.Version" for name in (
                    "CreateFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration", "GetFunction.Configuration",
                    "GetFunctionConfiguration"))),
                "the statuses that creation and updates answer, every LastUpdateStatus and every Version",
            ),
        ),
        "As it starts. It needs `requests` and does not ask for it.",
        lacks=("PublishVersion", "ListVersionsByFunction", "PutFunctionConcurrency", "DeleteFunctionConcurrency",
               "PutProvisionedConcurrencyConfig"),
        needs=("requests",),
    ),
)  # fmt: skip

OTHERS = """
## Others

Any other emulator is judged by hand in the same way, first as it is, then with what hides the rest put aside:

```text
$ export STATEMODEL_ENDPOINT=http://127.0.0.1:4566 STATEMODEL_LAMBDA_CALM=yes
$ statemodel conform lambda --python statemodel.adapters.aws:adapter
$ export STATEMODEL_LAMBDA_ASIDE=CreateFunction.State
$ statemodel conform lambda --python statemodel.adapters.aws:adapter --known FILE
```

- `localstack-core` needs a newer Python than this package and containers, or a plugin, to run code. It was not run.
- `localemu` 1.3.2 is made from it, and needs some forty packages besides. It was not run.
- `fakecloud` 0.51.0 on PyPI is a client alone; its server is another program.
"""


# ------------------------------------------------------------------------------------------------- running


def free_port():
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment_of(emulator, place):
    """An environment with an emulator; where its programs are."""
    venv.create(place, with_pip=True)
    programs = place / "bin"
    subprocess.run([programs / "pip", "install", "-q", emulator.package, *emulator.needs], check=True)  # noqa: S603
    return programs


@contextmanager
def running(emulator, programs):
    """An emulator that answers; gives its endpoint."""
    port = free_port()
    fill = {"bin": str(programs), "port": str(port)}
    variables = {name: value.format(**fill) for name, value in emulator.environment}
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(  # noqa: S603
            [part.format(**fill) for part in emulator.command], cwd=folder, env={**os.environ, **variables},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_for(port, process)
            endpoint = f"http://127.0.0.1:{port}"
            if emulator.name == "moto":
                prepare_moto(endpoint)
            yield endpoint
        finally:
            process.terminate()
            process.wait(20)


def wait_for(port, process):
    """Come back once somebody listens."""
    until = time.monotonic() + READY_S
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"the emulator does not listen on port {port}")


def prepare_moto(endpoint):
    """No docker, and the role that functions get."""
    import boto3

    connection = http.client.HTTPConnection(endpoint.removeprefix("http://"), timeout=READY_S)
    connection.request("POST", "/moto-api/config", json.dumps({"lambda": {"use_docker": False}}))
    connection.getresponse().read()
    connection.close()

    client = boto3.client("iam", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="id",
                          aws_secret_access_key="secret")  # fmt: skip  # noqa: S106
    client.create_role(RoleName=ROLE.rpartition("/")[2], AssumeRolePolicyDocument="{}")


def variables(emulator, look, endpoint):
    """The variables by which the adapter reaches an emulator."""
    return {"STATEMODEL_ENDPOINT": endpoint, "STATEMODEL_LAMBDA_ASIDE": ",".join((*look.aside, *emulator.lacks)),
            "STATEMODEL_LAMBDA_CALM": "yes", "STATEMODEL_LAMBDA_ROLE": ROLE}  # fmt: skip


def conformed(emulator, look, endpoint, *options, script=""):
    """What `conform --json` gives."""
    command = [sys.executable, "-m", "statemodel", "conform", MODEL, "--python", ADAPTER, "--json", *options]
    done = subprocess.run(  # noqa: S603
        command, env={**os.environ, **variables(emulator, look, endpoint)}, capture_output=True, text=True,
        check=False, input=script,
    )  # fmt: skip
    if not done.stdout:
        raise SystemExit(f"{look.name}: {done.stderr}")
    return json.loads(done.stdout)


def judged(emulator, look, endpoint):
    """The report of one run, what is known put up with."""
    return conformed(emulator, look, endpoint, "--examples", "10", "--known", str(KNOWN / f"{look.name}.jsonl"))


def scripts(emulator):
    """The shortest script of each deviation, with the look that shows it and its evidence."""
    text = (KNOWN / f"{emulator.name.lower()}-scripts.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def played(emulator, look, endpoint, steps):
    """The finding at the last step of a script, or None."""
    script = [{"do": "call", "op": op, "args": args if op == "ListFunctions" else {"FunctionName": "fn-1", **args}}
              for op, args in steps]  # fmt: skip
    lines = "".join(f"{json.dumps(step)}\n" for step in script)
    report = conformed(emulator, look, endpoint, "--script", "-", script=lines)
    found = report["findings"][0] if report["findings"] else None
    return found if found and len(found["script"]) == len(steps) else None


# ------------------------------------------------------------------------------------------------- what was found


def entry(found, known, aside):
    """What the page says of a deviation."""
    return {
        "name": found["name"],
        "aside": aside,
        "what": found["what"],
        "script": [shown(step) for step in found["script"]],
        "got": short(found["got"]),
        "expected": [short(line) for line in found["expected"]],
        "sources": sorted({source for row in found["rows"] for source in row["sources"]}),
        "evidence": known["evidence"],
    }


def shown(step):
    """A step in one line, with the part of its answer that the model knows."""
    given = ", ".join(f"{name}={json.dumps(value)}" for name, value in step.get("args", {}).items())
    answer = step.get("error") or " ".join(
        f"{name} {json.dumps(value)}" for name, value in plain(step.get("result", {})).items()
    )
    return f"{step['op']}({given}): {answer or 'accepted'}"


def plain(result):
    """The fields of an answer that the model knows."""
    found = {name: value for name, value in result.items() if name in SHOWN}
    inner = result.get("Configuration", {})
    return {**found, **{f"Configuration.{name}": value for name, value in inner.items() if name in SHOWN}}


def short(line):
    """A line without the fields of an answer beyond those the model knows."""
    head, brace, rest = line.partition("{")
    if not brace:
        return line
    try:
        told = plain(json.loads(brace + rest))
    except ValueError:
        return line
    return f"{head}{json.dumps(told)}" if told else head.strip()


def judge(emulator):
    """What is found of one emulator: its entry for the results, and what is new or gone."""
    with tempfile.TemporaryDirectory() as place:
        programs = environment_of(emulator, Path(place))
        looks, news, deviations = [], [], []
        for look in emulator.looks:
            with running(emulator, programs) as endpoint:
                report = judged(emulator, look, endpoint)
                for known in scripts(emulator):
                    if known["look"] == look.name:
                        found = played(emulator, look, endpoint, known["script"])
                        news += [] if found else [f"{look.name}: gone: {known['script']}"]
                        deviations += [entry(found, known, look.why)] if found else []
            news += [f"{look.name}: new: {one['name']} in {'|'.join(one['where'])}: {one['got'][:200]}\n    "
                     + "\n    ".join(map(shown, one["script"])) for one in report["findings"]]  # fmt: skip
            news += [f"{look.name}: gone: {one['name']}" for one in report["gone"]]
            looks.append({
                "aside": look.why, "calls": report["calls"], "complete": report["complete"],
                "covered": {kind: [one["covered"], one["reachable"]] for kind, one in report["covered"].items()},
                "kinds": len(report["known"]),
            })  # fmt: skip
    lacks = list(emulator.lacks)
    return {"name": emulator.name, "package": emulator.package, "note": emulator.note, "lacks": lacks,
            "looks": looks, "deviations": deviations}, news  # fmt: skip


# ------------------------------------------------------------------------------------------------- the page


def rendered(results):
    """The page."""
    total = sum(len(one["deviations"]) for one in results)
    lines = [
        "# Emulators of Lambda, judged",
        "",
        "What `statemodel conform lambda` finds in emulators that install from a package index and need no container:",
        f"{total} deviations, each judged by hand against recorded answers of the real service (`tests/histories`),",
        "its pages or its API model; none is left that these contradict. `python benchmarks/emulators.py` installs the",
        "versions named here, runs the suite again, and writes this page. What is known is kept in `tests/real/known`,",
        "so that a new deviation and one that has gone are both seen.",
        "",
        "One deviation may hide others: a function that is Active at once leaves nothing to judge of what Pending is.",
        "So each emulator is looked at more than once, some answers put aside",
        "(`STATEMODEL_LAMBDA_ASIDE`, see [http.md](http.md)).",
        "",
        "| emulator | package | deviations | operations of the model that it lacks |",
        "|---|---|--:|---|",
    ]
    for one in results:
        lacks = ", ".join(f"`{name}`" for name in one["lacks"]) or "none"
        lines.append(f"| {one['name']} | `{one['package']}` | {len(one['deviations'])} | {lacks} |")
    for one in results:
        lines += ["", f"## {one['name']}", "", f"`{one['package']}`. {one['note']}", ""]
        for look in one["looks"]:
            covered = ", ".join(f"{kind} {done} of {of}" for kind, (done, of) in look["covered"].items()
                                if kind in ("states", "transitions", "refusals"))  # fmt: skip
            aside = f"with {look['aside']} put aside" if look["aside"] else "as it is"
            how = "" if look["complete"] else "; ended early"
            lines += [f"- {aside}: {look['calls']} calls, {look['kinds']} kinds of deviation; {covered}{how}"]
        for number, found in enumerate(one["deviations"], 1):
            lines += ["", f"### {one['name']} {number}: {found['what']}", "", "```text", *found["script"], "```", ""]
            lines += [f"- name: `{found['name']}`" + (f", with {found['aside']} put aside" if found["aside"] else "")]
            lines += [f"- expected: {line}" for line in found["expected"]]
            lines += [f"- evidence: {found['evidence']}", *(f"- the model's source: {one}" for one in found["sources"])]
    return "\n".join(lines) + "\n" + OTHERS


def main(argv):
    """Judge the emulators named, or all; 0 where nothing is new."""
    fresh, news = {}, []
    if "--render" not in argv:
        wanted = [one for one in EMULATORS if not argv or one.name.lower() in [name.lower() for name in argv]]
        if not wanted:
            print("no such emulator; known: " + ", ".join(one.name for one in EMULATORS), file=sys.stderr)
            return 2
        for emulator in wanted:
            fresh[emulator.name], found = judge(emulator)
            news += found
        if news:
            print("\n".join(news))
            return 1
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []
    if fresh:
        found = {one["name"]: one for one in results} | fresh
        results = [found[one.name] for one in EMULATORS if one.name in found]
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(rendered(results), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
