"""The command line of Scripts/sweep."""

from __future__ import annotations

import argparse
import os
import secrets
import shlex
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

from sweeping.counts import Counts, RefusalError
from sweeping.tasks import LostError, Result, Task, UnreachableError

DESCRIPTION = """
Spread fuzzing (fuzz), or a run of the goldens (run), over worker processes: those of this machine, one a core, or those
of a Dask cluster that runs already. Options that are not listed here are convcheck's own, and are passed on.

fuzz   Tasks are parts of a seed's problems, which follow from their numbers alone; counts and pairs of features add up
       to those of one run. What a task finds is shown as it comes.
run    Tasks are shards; their records are merged by `convcheck merge`, and reported by `convcheck diagnose`.

A worker that is lost costs nothing but time: its task is given to another, and no result is counted twice. Other
machines need a convcheck at the path that --convcheck names, the engine, for run the golden files, and distributed
2026.8.0 with the same minor version of Python.
"""
# What the sweep sets itself, or what parts cannot have.
OWN = {
    "fuzz": ["--first", "--seconds", "--jsonl", "--junit", "--markdown", "--html", "--annotations"],
    "run": ["--shard", "--annotations", "--no-diagnosis", "--diagnosis", "--history", "--max-fail", "--fail-fast"],
}
REPORTS = ["--junit", "--markdown", "--html"]
WRONG_USAGE, INTERNAL_FAULT, INTERRUPTED = 2, 70, 130


class StopError(Exception):
    """The end, with an exit status and why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def parser() -> argparse.ArgumentParser:
    """Describe the options."""
    main = argparse.ArgumentParser(
        prog="Scripts/sweep", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = main.add_subparsers(dest="command", required=True)
    for name, abstract in [("fuzz", "random problems"), ("run", "golden cases")]:
        one = commands.add_parser(name, help=abstract, allow_abbrev=False)
        one.add_argument("--convcheck", required=True, help=argparse.SUPPRESS)
        one.add_argument("--address", help="the scheduler of a cluster, such as tcp://host:8786 (default: none)")
        one.add_argument("--workers", type=natural, help="processes of this machine (default: one for each core)")
        if name == "fuzz":
            one.add_argument("--count", type=natural, required=True, help="how many problems")
            one.add_argument("--seed", type=int, help="what they follow from (default: drawn, and said)")
            one.add_argument(
                "--part", type=natural, help="how many problems a task has (default: by count and workers)"
            )
            one.add_argument(
                "--counts", type=Path, help="write what parts add up to, as `convcheck fuzz --counts` does"
            )
            one.add_argument("--save", type=Path, help="a folder for golden files of what was found, a file a task")
        else:
            one.add_argument("--shards", type=natural, required=True, help="how many tasks")
            one.add_argument("--jsonl", type=Path, help="write the record of the whole run")
            for report in REPORTS:
                one.add_argument(report, help="write this report of the whole run")
    return main


def natural(word: str) -> int:
    """Read a number from 1 on."""
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is below 1")
    return number


def performed(options: argparse.Namespace, work: Sequence[Task]) -> Iterator[Result]:
    """Give every task's result as it comes, and say how far it is."""
    # What is wrong with the options is said without it.
    from sweeping.cluster import results, workers

    count = options.workers or len(os.sched_getaffinity(0))
    with workers(options.address, count) as client:
        start = time.monotonic()
        seen: set[str] = set()
        for number, result in enumerate(results(client, work), 1):
            if not result.is_done:
                status = f"signal {-result.status}" if result.status < 0 else f"exit status {result.status}"
                known = result.status if result.status in (2, 3, 5) else INTERNAL_FAULT
                raise StopError(known, f"{result.name}: {status} of convcheck:\n{result.error}")
            seen.add(result.worker)
            say(f"{number} of {len(work)} tasks, {result.name}: {time.monotonic() - start:.1f} s")
            yield result
        say(f"all {len(work)} tasks in {time.monotonic() - start:.2f} s on {len(seen)} worker{'s' * (len(seen) > 1)}")


def say(text: str) -> None:
    """Tell of the sweep itself, on standard error."""
    print(f"sweep: {text}", file=sys.stderr, flush=True)


def fuzz(options: argparse.Namespace, rest: list[str]) -> int:
    """Try problems, and add up what the parts say."""
    seed = secrets.randbelow(1 << 53) if options.seed is None else options.seed
    processes = options.workers or len(os.sched_getaffinity(0))
    part = options.part or min(max(options.count // (8 * processes), 500), 20_000)
    counts, parts = Counts(seed), {}
    if options.save:
        if options.save.exists() and (not options.save.is_dir() or any(options.save.iterdir())):
            raise StopError(WRONG_USAGE, f"--save: '{options.save}' is there, and is no empty folder")
        options.save.mkdir(parents=True, exist_ok=True)
    work = []
    for first in range(0, options.count, part):
        count = min(part, options.count - first)
        name, files = f"problems {first} to {first + count - 1}", [("--counts", "counts.json")]
        if options.save:
            files.append(("--save", f"found-{first}.h5"))
        command = [options.convcheck, "fuzz", "--seed", str(seed), "--first", str(first), "--count", str(count)]
        jobs = [] if "--jobs" in rest else ["--jobs", "1"]
        work.append(Task(name, (*command, *jobs, *rest), tuple(files), str(Path.cwd())))
        parts[name] = (first, count)
    failed, executed = False, False
    for result in performed(options, work):
        try:
            counts.add(result.files["counts.json"], *parts[result.name])
        except (RefusalError, KeyError, ValueError) as error:
            raise StopError(INTERNAL_FAULT, f"{result.name}: its counts cannot be added: {error!r}") from error
        executed = executed or result.status != 4
        if result.status == 1:
            failed = True
            print(result.output, flush=True)
        for name, held in result.files.items():
            if name.endswith(".h5"):
                (options.save / name).write_bytes(held)
    if counts.problems != options.count:
        raise StopError(INTERNAL_FAULT, f"{counts.problems} problems were counted, expected {options.count}")
    if options.counts:
        options.counts.write_text(counts.as_json())
    print("\n".join(counts.sentences()))
    return 1 if failed else 0 if executed else 4


def run(options: argparse.Namespace, rest: list[str]) -> int:
    """Run shards, merge their records, and report."""
    work = []
    for index in range(1, options.shards + 1):
        name = f"shard {index}/{options.shards}"
        command = [options.convcheck, "run", "--shard", f"{index}/{options.shards}", "--no-diagnosis", "--quiet"]
        jobs = [] if "--jobs" in rest else ["--jobs", "1"]
        work.append(Task(name, (*command, *jobs, *rest), (("--jsonl", f"{index}.jsonl"),), str(Path.cwd())))
    with tempfile.TemporaryDirectory(prefix="convcheck-sweep-") as folder:
        records: dict[int, Path] = {}
        for result in performed(options, work):
            # Where there are fewer cases than shards, the last ones leave no record.
            for name, held in result.files.items():
                path = Path(folder) / name
                path.write_bytes(held)
                records[int(path.stem)] = path
        if not records:
            raise StopError(4, "there is nothing to run")
        whole = options.jsonl or Path(folder) / "whole.jsonl"
        parts = [str(records[index]) for index in sorted(records)]
        merge = [options.convcheck, "merge", *parts, "--output", str(whole)]
        merged = subprocess.run(merge, capture_output=True, text=True, check=False)
        if merged.returncode not in (0, 1, 4):
            raise StopError(merged.returncode, f"{shlex.join(merge[:2])}: {merged.stderr}")
        golden = ["--golden", word_after("--golden", rest)] if word_after("--golden", rest) else []
        reports = [word for report in REPORTS if (path := vars(options)[report[2:]]) for word in (report, path)]
        return subprocess.run([options.convcheck, "diagnose", str(whole), *golden, *reports], check=False).returncode


def word_after(option: str, words: list[str]) -> str | None:
    """Return an option's value, where it is there."""
    for place, word in enumerate(words):
        if word == option and place + 1 < len(words):
            return words[place + 1]
        if word.startswith(f"{option}="):
            return word.removeprefix(f"{option}=")
    return None


def main() -> int:
    """Do what the arguments say."""
    options, rest = parser().parse_known_args()
    rest = [word for word in rest if word != "--"]
    try:
        for own in OWN[options.command]:
            if any(word == own or word.startswith(f"{own}=") for word in rest):
                raise StopError(WRONG_USAGE, f"{own} is not for a sweep")
        return {"fuzz": fuzz, "run": run}[options.command](options, rest)
    except StopError as stop:
        say(str(stop))
        return stop.status
    except LostError as lost:
        say(str(lost))
        return INTERNAL_FAULT
    except (UnreachableError, OSError) as error:
        # No scheduler, or a file that cannot be written.
        say(f"{error}")
        return WRONG_USAGE
    except Exception:
        # Python's own status for it is 1, which would say that something failed.
        traceback.print_exc()
        return INTERNAL_FAULT
    except KeyboardInterrupt:
        say("interrupted: what was done is dropped")
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
