"""All of these tests once more, under Debian's Python with its older numpy and h5py."""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

from golden_setup import DEBIAN_PYTHON, Generated

PYTEST = ("pytest", "_pytest", "py", "pluggy", "iniconfig", "packaging", "pygments")  # Python alone, of any version


def test_everything_passes_under_debians_python(generated: Generated, tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    for name in PYTEST:
        origin = Path(find_spec(name).origin)
        module = origin.parent if origin.name == "__init__.py" else origin
        (packages / module.name).symlink_to(module)
    environment = os.environ | {"PYTHONPATH": str(packages), "GENERATED_GOLDEN": str(generated.debian.parent)}
    here = Path(__file__)
    done = subprocess.run(
        [DEBIAN_PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--ignore={here}", here.parent],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    assert " passed" in done.stdout.splitlines()[-1]
