"""What goes on beside the tests: all suites are generated, and then the same tests run under Debian's Python."""

import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

import pytest
from golden_setup import DEBIAN_PYTHON, MODERN_PYTHON, SCRIPT

HERE = Path(__file__).resolve().parent
WAITING = HERE / "test_under_debian.py"
# What compares two folders, of which the Python that runs has made neither.
OF_NO_PYTHON = HERE / "files" / "test_checked_in.py"
PYTEST = ("pytest", "_pytest", "py", "pluggy", "iniconfig", "packaging", "pygments")  # Python alone, of any version


def numpy_version(python: Path, remedy: str) -> int:
    """The major version of numpy under a Python that has h5py too; the test fails where it lacks either."""
    probe = "import numpy, h5py; print(numpy.__version__.split('.')[0])"
    try:
        return int(subprocess.run([python, "-c", probe], capture_output=True, text=True, check=True).stdout)
    except (OSError, subprocess.CalledProcessError):
        pytest.fail(f"{python} is needed, with numpy and h5py: {remedy}", pytrace=False)


@dataclass
class Background:
    """What was started: a folder with all suites, and what came of Debian's run (its exit status and output)."""

    folder: Path
    processes: list[subprocess.Popen] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    is_over: bool = False
    generated: Future[Path] = field(default_factory=Future)
    debian: Future[tuple[int, str]] = field(default_factory=Future)

    def generate(self) -> Path:
        """Generate all suites under a current Python."""
        remedy = "python3 -m venv .venv/modern && .venv/modern/bin/pip install numpy h5py, or set MODERN_PYTHON"
        assert numpy_version(MODERN_PYTHON, remedy) >= 2, f"{MODERN_PYTHON} is to have numpy 2 or later"
        target = self.folder / "generated"
        status, output = self.run([MODERN_PYTHON, SCRIPT, "--output", target], {})
        assert status == 0, output
        return target

    def test_under_debian(self) -> tuple[int, str]:
        """Run the tests of the generator under Debian's Python, on the suites that the current one generated."""
        numpy_version(DEBIAN_PYTHON, "apt-get install python3-numpy python3-h5py")  # 1.24 and 3.7 on Debian 12
        packages = self.folder / "packages"
        packages.mkdir()
        for name in PYTEST:
            origin = Path(find_spec(name).origin)
            module = origin.parent if origin.name == "__init__.py" else origin
            (packages / module.name).symlink_to(module)
        ignored = [f"--ignore={path}" for path in (WAITING, OF_NO_PYTHON)]
        environment = {"PYTHONPATH": str(packages), "GENERATED_GOLDEN": str(self.generated.result())}
        return self.run([DEBIAN_PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", *ignored, HERE], environment)

    def run(self, command: list[object], environment: dict[str, str]) -> tuple[int, str]:
        """Run a command, unless all is to end, and return its exit status and all that it writes."""
        with self.lock:
            if self.is_over:
                raise InterruptedError("nobody waits for it any more")
            process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                env=os.environ | environment,
                start_new_session=True,  # so that it can be ended with all that it starts
            )
            self.processes.append(process)
        output, _ = process.communicate()
        return process.returncode, output

    def end(self) -> None:
        """End what goes on, and start nothing more."""
        with self.lock:
            self.is_over = True
            for process in self.processes:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGTERM)


@contextmanager
def started(folder: Path, with_debian: bool) -> Iterator[Background]:
    """Start all that, in a folder; end what goes on in the end, where no test waited for it."""
    background = Background(folder)
    with ThreadPoolExecutor(2) as pool:
        background.generated = pool.submit(background.generate)
        if with_debian:
            background.debian = pool.submit(background.test_under_debian)
        try:
            yield background
        finally:
            background.end()
