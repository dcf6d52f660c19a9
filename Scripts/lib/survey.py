"""What Scripts/survey asks: the engines of its list, whether a record is kept, and the page of all records.

`survey.py engines LIST` prints the engines, each with its options behind a tab, `survey.py file ENGINE` the name of its
record. `survey.py kept RECORD PROBE ADAPTER [OPTION...]` ends with status 0 where the record still holds.
`survey.py page RECORDS ENGINES PAGE` writes the page, by the list and the baselines in the folder ENGINES.
"""

from __future__ import annotations

import shlex
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from survey_records import Entry, Failure, Run, file_name, is_kept, modules_beside, read_baseline, read_list, read_run

HEAD = """# Real engines on the goldens

Written by `Scripts/survey` from the records of its runs: which libraries were given the goldens (but for those with the
tag `slow`), what they got wrong, and how they answered where several answers are right. How the engines are asked is
told in [`Scripts/engines/README.md`](Scripts/engines/README.md). What fails depends on the kernels that a library
chooses, and so on the processor; this one has {processor}.
"""
# Reasons for what comes and goes, or is too much to be listed case by case.
REASONS = "survey_reasons.txt"
FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_tile")


@dataclass
class Finding:
    """Failures of one kind, on any engines."""

    title: str
    known: bool
    """Whether a baseline gives the reason: somebody has looked into it."""
    failures: dict[str, list[Failure]] = field(default_factory=lambda: defaultdict(list))
    """By engine."""

    @property
    def smallest(self) -> Failure:
        """The failure to begin with."""
        return min((one for many in self.failures.values() for one in many), key=lambda one: (one.size, one.case))

    def cases(self, label: str) -> set[str]:
        """Name the cases that fail on an engine."""
        return {failure.case for failure in self.failures[label]}

    def identical(self) -> list[list[str]]:
        """Which engines give the same wrong values, in all failing cases whose answers both records have."""
        answers = {
            label: {one.case: one.got for one in many if one.got is not None} for label, many in self.failures.items()
        }
        classes: list[list[str]] = []
        for label, given in answers.items():
            for members in classes:
                other = answers[members[0]]
                shared = given.keys() & other.keys()
                if shared and all(given[case] == other[case] for case in shared):
                    members.append(label)
                    break
            else:
                classes.append([label])
        return [members for members in classes if len(members) > 1]


def findings(runs: Iterable[Run], entries: list[Entry]) -> tuple[list[Finding], list[Entry]]:
    """Group all failures by the reason that a baseline gives them, the others by what is wrong.

    Returns them, those with reasons first and then by how many engines have them, and the entries that nothing failed
    as, though their engines were given every case.
    """
    found: dict[tuple[bool, str], Finding] = {}
    used: set[int] = set()
    runs = list(runs)
    for run in runs:
        for failure in run.failures:
            listed = [place for place, entry in enumerate(entries) if entry.lists(run, failure)]
            used.update(listed)
            title = entries[listed[0]].reason if listed else _looks_like(run, failure)
            key = (bool(listed), title)
            found.setdefault(key, Finding(title, bool(listed))).failures[run.label].append(failure)
    complete = {run.name for run in runs if not run.selection}
    silent = [entry for place, entry in enumerate(entries) if place not in used and entry.engine in complete]
    gone = [entry for entry in silent if not entry.source.startswith(REASONS) and not entry.status.endswith("?")]
    return sorted(found.values(), key=lambda one: (not one.known, -len(one.failures), one.title)), gone


def _looks_like(run: Run, failure: Failure) -> str:
    names = sorted(name for name, cases in run.mistakes.items() if failure.case in cases)
    suite = failure.case.partition("/")[0]
    words = f": {failure.words.splitlines()[0][:80]}" if failure.words else ""
    return f"as {names[0]}" if names else f"{failure.cause.replace('-', ' ')} in {suite}{words}"


def page(runs: list[Run], missing: dict[str, str], entries: list[Entry], processor: str) -> str:
    """Write the page; of engines without a record it has the reasons."""
    known, gone = findings(runs, entries)
    parts = [HEAD.format(processor=processor), *_engines(runs, missing), *_suites(runs)]
    listed, new = [one for one in known if one.known], [one for one in known if not one.known]
    looked_into = "Each has been looked into, on its smallest cases; others of the same pattern are taken for the same."
    parts += ["## Findings\n", f"{looked_into} Cases that fail, by engine.\n"]
    parts += _findings(runs, listed) if listed else ["None.\n"]
    parts += ["## Not looked into yet\n"]
    parts += _findings(runs, new) if new else ["Nothing: every failure has its reason above.\n"]
    parts += ["## Changes\n"]
    parts += [f"- `{one.source}`: nothing fails any more as `{one.pattern}` on {one.engine}" for one in gone] or [
        "Whatever the baselines list still fails."
    ]
    parts += ["", *_choices(runs), *_margins(runs), *_unsupported(runs)]
    return "\n".join(parts).rstrip() + "\n"


def _engines(runs: list[Run], missing: dict[str, str]) -> list[str]:
    rows = [[f"`{run.label}`", run.name, run.version, _part(run)] for run in runs]
    rows += [[f"`{label}`", "", "", f"no record: {reason}"] for label, reason in missing.items()]
    return ["## Engines\n", *_table(["engine", "calls itself", "version", "cases"], rows)]


def _part(run: Run) -> str:
    total = sum(sum(counts.values()) for counts in run.cases.values())
    return f"{total:,}" + (f" (`{shlex.join(run.selection)}`)" if run.selection else "")


def _suites(runs: list[Run]) -> list[str]:
    suites = sorted({suite for run in runs for suite in run.cases})
    rows = [[f"`{run.label}`", *(_counts(run.cases.get(suite, Counter())) for suite in suites)] for run in runs]
    legend = "Cases that passed; **f**: failed, in one layout at least; u: unsupported, which is not passed.\n"
    return ["## Engines by suites\n", legend, *_table(["", *suites], rows)]


def _counts(counts: Counter[str]) -> str:
    failed = counts["fail"] + counts["missing"]
    parts = [str(counts["pass"])] if counts["pass"] or not counts else []
    parts += [f"**{failed} f**"] * bool(failed) + [f"{counts['unsupported']} u"] * bool(counts["unsupported"])
    return " ".join(parts)


def _findings(runs: list[Run], found: list[Finding]) -> list[str]:
    labels = [run.label for run in runs if any(run.label in one.failures for one in found)]
    rows = []
    for one in found:
        equal = "; ".join(" = ".join(members) for members in one.identical())
        counts = [str(len(one.cases(label))) if label in one.failures else "" for label in labels]
        rows.append([one.title, f"`{one.smallest.case}`", *counts, equal])
    return _table(["finding", "smallest case", *(f"`{label}`" for label in labels), "identical values"], rows)


def _choices(runs: list[Run]) -> list[str]:
    choices = sorted({choice for run in runs for choice in run.choices})
    rows = [
        [f"`{run.label}`", *("<br>".join(_said(run.choices.get(choice, Counter()))) for choice in choices)]
        for run in runs
    ]
    legend = "Where IEEE 754 or the suite leaves several answers right: which was given, in how many results.\n"
    return ["## What is left to the engine\n", legend, *_table(["", *choices], rows)]


def _said(answers: Counter[str]) -> list[str]:
    # What was answered in one way here and another there, within one answer, is told in numbers that differ by case.
    kinds: Counter[str] = Counter()
    for answer, count in answers.items():
        kinds["several, by element" if answer.endswith(" elements") else answer] += count
    return [f"{answer} ({count})" for answer, count in kinds.most_common()]


def _margins(runs: list[Run]) -> list[str]:
    kinds = sorted({kind for run in runs for kind in run.margins})
    rows = []
    for run in runs:
        values = [run.margins.get(kind) for kind in kinds]
        rows.append([f"`{run.label}`", *("" if pair is None else f"{pair[0]:.2g} / {pair[1]:.2g}" for pair in values)])
    legend = (
        "Real data that passed: the worst error of an element and the worst root mean square, over what is allowed.\n"
    )
    return ["## Margins\n", legend, *_table(["", *kinds], rows)]


def _unsupported(runs: list[Run]) -> list[str]:
    rows = [
        [f"`{run.label}`", "; ".join(f"{reason} ({count})" for reason, count in run.unsupported.most_common(4))]
        for run in runs
    ]
    return [
        "## What they do not take\n",
        "The commonest reasons, and of how many cases.\n",
        *_table(["", "reasons"], rows),
    ]


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines] + [""]


def _absence(record: Path) -> str:
    """Say why there is no record; the script writes it where an engine is not for its machine."""
    try:
        return record.with_name(record.name + ".absent").read_text().strip()
    except FileNotFoundError:
        return "not run to its end"


def _processor() -> str:
    words = set(Path("/proc/cpuinfo").read_text().split()) if Path("/proc/cpuinfo").exists() else set()
    has, lacks = [flag for flag in FLAGS if flag in words], [flag for flag in FLAGS if flag not in words]
    return f"{', '.join(has) or 'none'} of {', '.join(FLAGS)}" if lacks else ", ".join(has)


def main(command: str, *arguments: str) -> int:
    """Do what the command says."""
    if command == "engines":
        for engine, options in read_list(Path(arguments[0])):
            print(f"{engine}\t{shlex.join(options)}")
    elif command == "file":
        print(file_name(arguments[0]))
    elif command == "kept":
        record, probe, adapter = (Path(argument) for argument in arguments[:3])
        sources = [adapter, *modules_beside(adapter)]
        reason = is_kept(record, probe, sources, list(arguments[3:]), Path("Golden"))
        if reason:
            print(f"{record.stem}: {reason}")
        return 1 if reason else 0
    else:
        records, engines, output = (Path(argument) for argument in arguments)
        labels = [label for label, _ in read_list(engines / "survey.txt")]
        runs = []
        for label in labels:
            try:
                runs.append(read_run(records / file_name(label), label))
            except FileNotFoundError:
                continue
            except ValueError as error:
                print(error, file=sys.stderr)
        have = {run.label for run in runs}
        lists = [*sorted(engines.glob("*_baseline.txt")), engines / REASONS]
        entries = [entry for path in lists for entry in read_baseline(path)]
        absent = {label: _absence(records / file_name(label)) for label in labels if label not in have}
        output.write_text(page(runs, absent, entries, _processor()))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
