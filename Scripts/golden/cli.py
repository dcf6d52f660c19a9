"""The command line of the generator."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from golden import GENERATOR
from golden.files import manifest
from golden.files.compare import differences
from golden.files.store import write_suite
from golden.pages import readme
from golden.progress import Advance, progress
from golden.suites import ALL
from golden.suites.suite import Suite
from golden.vectors.build import CaseError, Vector, build
from golden.vectors.case import Case

FAILED, USAGE, INTERRUPTED = 1, 2, 130


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
        help="write nothing: compare what is in DIR with what would be generated, and name every case, dataset and "
        "attribute that differs, is missing or is too many",
    )
    made.add_argument("--version", action="version", version=GENERATOR)
    return made


def main(arguments: Sequence[str]) -> int:
    """Run the command line and return the exit status."""
    options = parser().parse_args(arguments)
    try:
        suites = chosen(options.suite)
        if options.list:
            return list_suites(suites)
        if options.check:
            return check(suites, options.output, everything=not options.suite)
        return generate(suites, options.output)
    except UsageError as error:
        print(f"generate_golden.py: {error}", file=sys.stderr)
        return USAGE
    except (CaseError, ValueError) as error:  # the cases themselves are at fault, or a proof does not hold
        print(f"generate_golden.py: {error}", file=sys.stderr)
        return FAILED
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
    return 0


def write(suites: list[Suite], folder: Path) -> None:
    """Write the files of some suites into a folder, and say what they cover."""
    listed = [(suite, suite.checked_cases()) for suite in suites]
    with progress(sum(len(cases) for _, cases in listed)) as advance:
        for suite, cases in listed:
            attributes = {"suite": suite.name, "title": suite.title, "description": suite.description}
            partial = folder / f".{suite.name}.h5.partial"
            try:
                write_suite(partial, attributes, vectors(suite.name, cases, advance))
                partial.replace(folder / f"{suite.name}.h5")
            finally:
                partial.unlink(missing_ok=True)


def vectors(suite: str, cases: list[Case], advance: Advance) -> Iterator[Vector]:
    """Yield the vectors of a suite, telling the progress bar."""
    for case in cases:
        yield build(suite, case)
        advance(f"{suite}/{case.name}")


def generate(suites: list[Suite], folder: Path) -> int:
    """Write suites, SHA256SUMS and README.md into a folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(f"no permission to write in {folder}")
        write(suites, folder)
        (folder / readme.NAME).write_text(readme.text(), encoding="utf-8")
        (folder / manifest.NAME).write_text(manifest.manifest(folder), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error}") from error
    print(f"{folder}: wrote {', '.join(suite.name for suite in suites)}")
    return 0


def check(suites: list[Suite], folder: Path, everything: bool) -> int:
    """Print how a folder differs from what would be generated; return 1 where it does."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder")
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        write(suites, made)
        found = [
            line for suite in suites for line in differences(folder / f"{suite.name}.h5", made / f"{suite.name}.h5")
        ]
    wanted = {readme.NAME: readme.text(), manifest.NAME: manifest.manifest(folder)}
    for file, text in wanted.items():
        path = folder / file
        if not path.is_file() or path.read_text(encoding="utf-8", errors="replace") != text:
            found.append(f"{file}: {'out of date' if path.is_file() else 'missing'}")
    known = {f"{suite.name}.h5" for suite in ALL}
    if everything:
        found += [
            f"{file.name}: not made by the generator" for file in sorted(folder.glob("*.h5")) if file.name not in known
        ]
    for line in found:
        print(line)
    verdict = f"{len(found)} difference{'s' * (len(found) > 1)}" if found else "all as generated"
    print(f"{folder}: {verdict}")
    return FAILED if found else 0
