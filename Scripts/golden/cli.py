"""The command line of the generator."""

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from golden import GENERATOR
from golden.files import folder
from golden.suites import ALL
from golden.suites.suite import Suite
from golden.vectors.vector import CaseError
from golden.vectors.workers import cores

FAILED, USAGE, INTERRUPTED, CLOSED = 1, 2, 130, 141


class UsageError(Exception):
    """A request that cannot be met, with the reason for the user."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    root = Path(__file__).resolve().parents[2]
    made = argparse.ArgumentParser(
        prog="generate_golden.py",
        description="Generate the golden files: exact answers of 2-D convolutions, one HDF5 file a suite.",
        epilog="Exit status: 0 done, or all as it should be; 1 a file differs (--check); 2 wrong usage.",
    )
    made.add_argument("--suite", action="append", metavar="NAME", help="only this suite (repeatable); default: all")
    made.add_argument("--output", type=Path, default=root / "Golden", metavar="DIR", help="default: %(default)s")
    made.add_argument("--list", action="store_true", help="list the suites with their counts and coverage, and stop")
    made.add_argument(
        "--check",
        action="store_true",
        help="write nothing: compare what is in DIR with what would be generated, and name every case, member and "
        "dataset that differs, is missing or is too many",
    )
    made.add_argument("--jobs", type=int, default=cores(), metavar="N", help="processes; default: %(default)s")
    made.add_argument("--version", action="version", version=GENERATOR)
    return made


def main(arguments: Sequence[str]) -> int:
    """Run the command line and return the exit status."""
    options = parser().parse_args(arguments)
    try:
        suites = chosen(options.suite)
        if options.jobs < 1:
            raise UsageError(f"--jobs is {options.jobs}, and must be at least 1")
        if options.list:
            return list_suites(suites)
        if options.check:
            return check(suites, options.output, not options.suite, options.jobs)
        return write_to(suites, options.output, options.jobs)
    except UsageError as error:
        print(f"generate_golden.py: {error}", file=sys.stderr)
        return USAGE
    except (CaseError, ValueError) as error:  # the cases themselves are at fault, or a proof does not hold
        print(f"generate_golden.py: {error}", file=sys.stderr)
        return FAILED
    except BrokenProcessPool:
        print("generate_golden.py: a process died, perhaps for want of memory; try --jobs 1", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        # Whoever read has read enough, as `head` does. What is still buffered must not fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED
    except KeyboardInterrupt:
        print("generate_golden.py: interrupted", file=sys.stderr)
        return INTERRUPTED


def chosen(names: list[str] | None) -> list[Suite]:
    """Return the suites named, in the order of `ALL`; raises UsageError for a name that is none."""
    known = {suite.name for suite in ALL}
    unknown = [name for name in names or [] if name not in known]
    if unknown:
        raise UsageError(f"no suite is named {', '.join(unknown)}; there are {', '.join(suite.name for suite in ALL)}")
    return [suite for suite in ALL if not names or suite.name in names]


def list_suites(suites: list[Suite]) -> int:
    """Print each suite, its number of cases and what it covers."""
    for suite in suites:
        cases = suite.checked_cases()
        print(f"{suite.name}: {suite.title}, {len(cases)} cases")
        for sentence in suite.coverage(cases):
            print(f"    {sentence}")
    sys.stdout.flush()
    return 0


def write_to(suites: list[Suite], target: Path, processes: int) -> int:
    """Write suites, SHA256SUMS and README.md into a folder."""
    try:
        folder.generate(suites, target, processes)
    except OSError as error:
        raise UsageError(f"cannot write to {target}: {error}") from error
    print(f"{target}: wrote {', '.join(suite.name for suite in suites)}")
    return 0


def check(suites: list[Suite], target: Path, everything: bool, processes: int) -> int:
    """Print how a folder differs from what would be generated; return 1 where it does."""
    if not target.is_dir():
        raise UsageError(f"{target} is not a folder")
    found = folder.found_differences(suites, target, ALL if everything else None, processes)
    for line in found:
        print(line)
    verdict = f"{len(found)} difference{'s' * (len(found) > 1)}" if found else "all as generated"
    print(f"{target}: {verdict}")
    return FAILED if found else 0
