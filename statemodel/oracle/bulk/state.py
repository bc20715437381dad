"""Where histories stand, kept in a file between runs.

A belief is kept as the way to it: the state before and the record that led there, so that it is worked out anew by the
model when the file is read; nothing but numbers and texts is trusted.
"""

import json
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np
import pyarrow as pa

from statemodel.errors import HistoryError
from statemodel.oracle.bulk.automaton import FIRST, Automaton
from statemodel.oracle.bulk.encode import Encoder
from statemodel.oracle.bulk.positions import ENTRY, Positions, fresh
from statemodel.oracle.bulk.stream import Reached
from statemodel.oracle.bulk.texts import spans_of

KEY: Final = b"statemodel.state"
FORMAT: Final = 1
NUMBERS: Final = tuple(ENTRY.names)


@attrs.frozen
class Identity:
    """What a state belongs to; another one cannot go on with it.

    Attributes:
        model: name of the model.
        digest: of all that the model says, and of the version of the library.
        options: how histories are judged.
    """

    model: str
    digest: str
    options: tuple[str, ...]


@attrs.frozen
class Kept:
    """What a state holds.

    Attributes:
        positions: where the history of each resource stands.
        reached: how far each file has been read.
        records, bad_rows: how many were read, and could not be.
    """

    positions: Positions
    reached: list[Reached]
    records: int
    bad_rows: int


def save(path: Path, identity: Identity, automaton: Automaton, encoder: Encoder, kept: Kept) -> None:
    """Write a state; whoever reads it sees the one before or this one, never a part."""
    size = len(encoder.resources)
    positions = kept.positions
    findings = [[step.code, step.reason] if step is not None else None for step in automaton.steps]
    said = {
        "format": FORMAT,
        "identity": attrs.asdict(identity),
        "files": [attrs.asdict(one) for one in kept.reached],
        "records": kept.records,
        "bad_rows": kept.bad_rows,
        "symbols": automaton.examples,
        "paths": automaton.paths,
        "findings": findings,
    }
    columns = {
        "resource": pa.array(list(encoder.resources), pa.binary()),
        **{name: np.ascontiguousarray(positions.entries[name][:size]) for name in NUMBERS},
        "is_late": positions.is_late[:size],
        "finding": positions.finding[:size],
        "place": positions.place[:size],
    }
    table = pa.table(columns).replace_schema_metadata({KEY: json.dumps(said).encode()})
    beside = path.with_name(f"{path.name}.new")
    with pa.OSFile(str(beside), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    beside.replace(path)


def load(path: Path, identity: Identity, automaton: Automaton, encoder: Encoder) -> Kept:
    """Read a state: the automaton and the encoder learn what they knew, positions and files are given back.

    Raises:
        HistoryError: it is no state, or that of another model, version or way of judging.
    """
    try:
        with pa.OSFile(str(path), "rb") as file:
            table = pa.ipc.open_file(file).read_all()
        said = json.loads(table.schema.metadata[KEY])
        if said["format"] != FORMAT:
            raise KeyError
        theirs = Identity(**{**said["identity"], "options": tuple(said["identity"]["options"])})
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
        raise HistoryError(str(path), None, "", "a state that `statemodel check --state` has written") from error
    if theirs != identity:
        raise HistoryError(str(path), None, *_difference(theirs, identity))
    symbols = [number if one is None else automaton.symbol(one) for number, one in enumerate(said["symbols"])]
    states = list(range(FIRST + 1))
    for way in said["paths"][FIRST + 1 :]:
        states.append(_reached(automaton, states[way[0]], symbols[way[1]]))
    findings = [-1 if one is None or one[0] is None else automaton.noted(*one) for one in said["findings"]]
    names = table.column("resource").to_pylist()
    encoder.resources.number(spans_of(names))
    positions = fresh(max(len(names), 1))
    for name in NUMBERS:
        positions.entries[name][: len(names)] = table.column(name).to_numpy()
    positions.entries["state"] = np.array(states, np.int32)[positions.entries["state"]]
    positions.is_late[: len(names)] = table.column("is_late").to_numpy()
    positions.place[: len(names)] = table.column("place").to_numpy()
    finding: Any = table.column("finding").to_numpy()
    positions.finding[: len(names)] = np.where(finding < 0, -1, np.array([*findings, -1], np.int32)[finding])
    return Kept(positions, [Reached(**one) for one in said["files"]], said["records"], said["bad_rows"])


def _reached(automaton: Automaton, state: int, symbol: int) -> int:
    return int(automaton.after[automaton.work_out(state, symbol)])


def _difference(theirs: Identity, ours: Identity) -> tuple[str, str, str]:
    """What was found, what was expected, and what to do."""
    mend = "name another file under --state, or ask as when this one was begun"
    if theirs.model != ours.model:
        return f"a state of the model {theirs.model}", f"a state of the model {ours.model}", mend
    if theirs.options != ours.options:
        return f"a state kept with {' '.join(theirs.options)}", f"one kept with {' '.join(ours.options)}", mend
    expected = f"a state of {ours.model} as this version of statemodel has it"
    return f"a state of another version of {theirs.model}", expected, "name another file under --state and begin anew"
