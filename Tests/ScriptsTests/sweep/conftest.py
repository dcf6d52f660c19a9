"""What the tests of Scripts/sweep share."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
CONVCHECK = PROJECT / ".build" / "debug" / "convcheck"
sys.path.insert(0, str(PROJECT / "Scripts"))


@pytest.fixture(scope="session")
def python():
    """Give a Python that has distributed."""
    found = os.environ.get("CONVCHECK_SWEEP_PYTHON")
    if not found:
        pytest.skip("CONVCHECK_SWEEP_PYTHON names no Python that has distributed: run Scripts/test")
    return found


@pytest.fixture
def sweep(python, tmp_path):
    """Sweep in an empty folder, and expect an exit status."""

    def run(*arguments, status, convcheck=CONVCHECK):
        command, *rest = map(str, arguments)
        done = subprocess.run(
            [python, "-m", "sweeping", command, "--convcheck", str(convcheck), *rest],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(PROJECT / "Scripts"), "CONVCHECK_GOLDEN": str(PROJECT / "Golden")},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == status, done.stdout[-3000:] + done.stderr[-3000:]
        return done

    return run
