"""Records of `convcheck run`, as a survey sees them: what became of each case on one engine, and why failures fail."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import shlex
from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

FAILED = ("fail", "error", "crash", "timeout")
# How each floating-point type is read as unsigned integers, and what infinity is then.
INFINITIES = {"float64": ("Q", 0x7FF << 52), "float32": ("I", 0xFF << 23)}
INFINITIES |= {"float16": ("H", 0x1F << 10), "bfloat16": ("H", 0xFF << 7)}


@dataclass(frozen=True)
class Failure:
    """A wrong result in one layout."""

    case: str
    layout: str
    status: str
    cause: str
    """The kind of the cause."""
    words: str
    size: int
    """How many elements the operands have."""
    got: str | None
    """The answer's type, shape and elements, where the record has them; every NaN is the same."""


@dataclass
class Run:
    """One engine's record."""

    label: str
    """What Scripts/survey ran, such as `onednn#auto`."""
    name: str
    """The engine's name for itself, by which baselines know it."""
    version: str
    selection: list[str]
    cases: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By suite, how many cases came to pass, fail (in any layout) or unsupported."""
    failures: list[Failure] = field(default_factory=list)
    unsupported: Counter[str] = field(default_factory=Counter)
    """Cases by reason."""
    choices: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """What IEEE 754 or the suite leaves open: how often each answer was given."""
    margins: dict[str, list[float]] = field(default_factory=dict)
    """By element type, of real data that passed: the worst error and the worst rms over what is allowed."""
    mistakes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By known mistake, the cases that it explains exactly."""
    suites: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each suite's file."""


@dataclass
class Entry:
    """A line of a baseline: a failure that is known, and why."""

    engine: str
    pattern: str
    layout: str | None
    status: str
    """With ? behind it where it may pass as well."""
    reason: str
    source: str
    """File and line."""

    def lists(self, run: Run, failure: Failure) -> bool:
        """Say whether this failure is the one."""
        if not fnmatchcase(run.name, self.engine) or not fnmatchcase(failure.case, self.pattern):
            return False
        if self.layout not in (None, failure.layout):
            return False
        kind, _, mistake = self.status.removesuffix("?").partition(":")
        return failure.case in run.mistakes.get(mistake, ()) if kind == "finding" else failure.status == kind


def file_name(label: str) -> str:
    """Name the record of an engine."""
    return "".join(letter if letter.isalnum() else "-" for letter in label.replace(" --", "-")) + ".jsonl"


def read_list(path: Path) -> list[tuple[str, list[str]]]:
    """Read the engines to survey, each with options of its own."""
    lines = [
        line.partition("#")[0] if line.lstrip().startswith("#") else line for line in path.read_text().splitlines()
    ]
    parts = [line.partition("|") for line in lines if line.strip()]
    return [(engine.strip(), shlex.split(options)) for engine, _, options in parts]


def read_baseline(path: Path) -> list[Entry]:
    """Read a baseline; its words may stand in double quotes."""
    entries = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        engine, rest = _word(line)
        pattern, rest = _word(rest)
        status, reason = _word(rest)
        if not status:
            raise ValueError(f"{path.name}:{number}: {line!r}, expected engine, case, status and reason")
        pattern, _, layout = pattern.partition("@")
        entries.append(Entry(engine, pattern, layout or None, status, reason.strip(), f"{path.name}:{number}"))
    return entries


def _word(text: str) -> tuple[str, str]:
    text = text.strip()
    if text.startswith('"'):
        word, _, rest = text[1:].partition('"')
        return word, rest
    word, *rest = text.split(None, 1)[:2] or [""]
    return word, rest[0] if rest else ""


def read_run(path: Path, label: str) -> Run:
    """Read a record of one engine.

    Raises:
        ValueError: where it is cut off, was interrupted, or has several engines.

    """
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    if not lines or lines[0].get("type") != "header" or lines[-1].get("type") != "footer" or lines[-1]["interrupted"]:
        raise ValueError(f"{path}: the record is not complete, expected a header and the footer of a finished run")
    if len(lines[0]["engines"]) != 1:
        raise ValueError(f"{path}: the record has {len(lines[0]['engines'])} engines, expected one")
    [engine] = lines[0]["engines"]
    run = Run(label, engine["name"], engine["version"], lines[0]["selection"] + _shard(lines[0]))
    run.suites = {suite["name"]: suite["digest"] for suite in lines[0]["suites"]}
    for line in lines:
        if line["type"] == "finding":
            for fault in line["faults"]:
                run.mistakes[fault["name"]].update(line["cases"])
    worst: dict[str, str] = {}
    for line in lines:
        if line["type"] != "case":
            continue
        status = "fail" if line["status"] in FAILED else line["status"]
        kept = worst.get(line["case"], "pass")
        worst[line["case"]] = max((kept, status), key=["pass", "unsupported", "missing", "fail"].index)
        if status == "fail":
            run.failures.append(_failure(line))
        elif status == "unsupported" and line["preferred_layout"]:
            run.unsupported[_reason(line["cause"])] += 1
        elif status == "pass":
            _note_pass(run, line)
    for case, status in worst.items():
        run.cases[case.partition("/")[0]][status] += 1
    return run


def _shard(header: dict) -> list[str]:
    shard = header.get("shard")
    return ["--shard", f"{shard['index']}/{shard['count']}"] if shard else []


def _failure(line: dict) -> Failure:
    problem, cause, got = line["problem"], line["cause"], line.get("tensors", {}).get("got")
    size = math.prod(problem["input"]) + math.prod(problem["filter"])
    answer = None if got is None else f"{got['type']} {got['shape']} {_values(got).hex()}"
    return Failure(line["case"], line["layout"], line["status"], cause["kind"], cause.get("words", ""), size, answer)


def _values(tensor: dict) -> bytes:
    """Decode a tensor's elements, with every NaN the same: its sign and its payload say nothing."""
    data = base64.b64decode(tensor["data"])
    if tensor["type"] not in INFINITIES:
        return data
    code, infinity = INFINITIES[tensor["type"]]
    numbers = array(code, data)
    sign = 1 << (8 * numbers.itemsize - 1)
    return array(code, (infinity + 1 if number & ~sign > infinity else number for number in numbers)).tobytes()


def _reason(cause: dict) -> str:
    if cause["kind"] == "undeclared":
        return "not declared: " + cause["lacking"].replace("-", " ")
    return cause.get("words", cause["kind"]).splitlines()[0][:120]


def _note_pass(run: Run, line: dict) -> None:
    if "remark" in line:
        choice, _, answer = line["remark"].partition(": ")
        run.choices[choice][answer] += 1
    compared = line.get("comparison")
    if line["data"] != "real" or compared is None or not isinstance(compared.get("ratio"), int | float):
        return
    kind = line["problem"].get("types", ["float32"])[0]
    rms = compared["rms"] / compared["rms_limit"] if compared.get("rms_limit") else 0
    before = run.margins.get(kind, [0, 0])
    run.margins[kind] = [max(before[0], compared["ratio"]), max(before[1], rms)]


def modules_beside(adapter: Path) -> list[Path]:
    """Name the modules in the adapter's folder that it is made of; that of the protocol says nothing of the engine."""
    text = adapter.read_text()
    names = [
        f"{name}.py" for name in re.findall(r"^from (\w+) import ", text, re.MULTILINE) if name != "convcheck_engine"
    ]
    modules = [adapter.with_name(name) for name in names + re.findall(r'^#include "(.+)"$', text, re.MULTILINE)]
    return [module for module in modules if module.exists()]


def is_kept(record: Path, probe: Path, sources: list[Path], options: list[str], golden: Path) -> str | None:
    """Say why a record cannot be kept, or None where it can: engine, adapter, options and golden files are the same."""
    if not record.exists():
        return "there is no record"
    try:
        run, now = read_run(record, ""), read_run(probe, "")
    except ValueError as error:
        return str(error)
    if (run.name, run.version) != (now.name, now.version):
        return f"the record is of {run.name} {run.version}, the engine is {now.name} {now.version}"
    if run.selection != options:
        return f"the record is of the options {run.selection}, expected {options}"
    for suite in golden.glob("*.h5"):
        if run.selection and suite.stem not in run.suites:
            continue  # the options choose no case of it
        if run.suites.get(suite.stem) != hashlib.sha256(suite.read_bytes()).hexdigest():
            return f"the record is of another {suite.name}"
    younger = [source.name for source in sources if source.stat().st_mtime > record.stat().st_mtime]
    return f"{younger[0]} is younger than the record" if younger else None
