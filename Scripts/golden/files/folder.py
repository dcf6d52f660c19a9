"""A folder of golden files: written with its digests and its page, and compared with what would be written."""

import os
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path

from golden.files.compare import differences
from golden.files.progress import Advance, progress
from golden.files.store import write_suite
from golden.pages import readme
from golden.suites.suite import Suite
from golden.vectors.vector import Vector
from golden.vectors.workers import vectors

MANIFEST = "SHA256SUMS"


def generate(suites: list[Suite], folder: Path, processes: int) -> None:
    """Write suites, SHA256SUMS and README.md into a folder, which is made where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"no permission to write in {folder}")
    write(suites, folder, processes)
    (folder / readme.NAME).write_text(readme.text(), encoding="utf-8")
    (folder / MANIFEST).write_text(manifest(folder), encoding="utf-8")


def write(suites: list[Suite], folder: Path, processes: int) -> None:
    """Write the files of some suites into a folder."""
    listed = [(suite.name, case) for suite in suites for case in suite.checked_cases()]
    with vectors(listed, processes) as made, progress(len(listed)) as advance:
        for suite in suites:
            attributes = {"suite": suite.name, "title": suite.title, "description": suite.description}
            count = sum(name == suite.name for name, _ in listed)
            partial = folder / f".{suite.name}.h5.partial"
            try:
                write_suite(partial, attributes, told(islice(made, count), suite.name, advance))
                partial.replace(folder / f"{suite.name}.h5")
            finally:
                partial.unlink(missing_ok=True)


def told(made: Iterator[Vector], suite: str, advance: Advance) -> Iterator[Vector]:
    """Yield the vectors of a suite, telling the progress bar."""
    for vector in made:
        yield vector
        advance(f"{suite}/{vector.name}")


def manifest(folder: Path) -> str:
    """Return what SHA256SUMS has to say about the golden files that lie in a folder, as `sha256sum -c` reads it."""
    files = sorted(folder.glob("*.h5"))
    return "".join(f"{sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)


def found_differences(suites: list[Suite], folder: Path, known: list[Suite] | None, processes: int) -> list[str]:
    """Return how a folder differs from what would be generated; with `known` suites, which files belong to none."""
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        write(suites, made, processes)
        found = [
            line for suite in suites for line in differences(folder / f"{suite.name}.h5", made / f"{suite.name}.h5")
        ]
    for file, text in {readme.NAME: readme.text(), MANIFEST: manifest(folder)}.items():
        path = folder / file
        if not path.is_file() or path.read_text(encoding="utf-8", errors="replace") != text:
            found.append(f"{file}: {'out of date' if path.is_file() else 'missing'}")
    if known is not None:
        names = {f"{suite.name}.h5" for suite in known}
        files = sorted(file.name for file in folder.glob("*.h5"))
        found += [f"{name}: not made by the generator" for name in files if name not in names]
    return found
