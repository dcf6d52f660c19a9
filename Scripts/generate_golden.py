#!/usr/bin/env python3
"""Generate the golden files, or check that they are what this script makes. See --help."""

import os
import subprocess
import sys
from importlib.util import find_spec

NEEDED = {"numpy": "python3-numpy", "h5py": "python3-h5py"}
SYSTEM_PYTHON = "/usr/bin/python3"  # the one that Debian's packages belong to


def ensure_libraries() -> None:
    """Go on under Debian's own Python where this one lacks numpy or h5py; exit with status 2 where both do."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if not missing:
        return
    if sys.executable != SYSTEM_PYTHON and os.access(SYSTEM_PYTHON, os.X_OK):
        probe = subprocess.run([SYSTEM_PYTHON, "-c", f"import {', '.join(NEEDED)}"], capture_output=True, check=False)
        if probe.returncode == 0:
            os.execv(SYSTEM_PYTHON, [SYSTEM_PYTHON, *sys.argv])
    packages = " ".join(NEEDED[name] for name in missing)
    print(
        f"generate_golden.py: {sys.executable} has no {' and no '.join(missing)}. Install with\n"
        f"    apt-get install {packages}\nor, into a virtual environment, with\n"
        f"    python3 -m pip install {' '.join(missing)}",
        file=sys.stderr,
    )
    sys.exit(2)


if __name__ == "__main__":
    ensure_libraries()
    # The matrices are small: on a busy machine, threads that wait for each other cost more than they bring.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from golden.cli import main

    sys.exit(main(sys.argv[1:]))
