"""`Scripts/lib/build_benchdnn` skips with a line where it cannot build."""

import os
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parents[3] / "Scripts/lib/build_benchdnn"


def skipped(root: Path, **variables: str) -> str:
    """Run a copy of the script, which writes below the folder, and return the one line that it skips with."""
    copy = root / "Scripts/lib/build_benchdnn"
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(SCRIPT.read_text())
    done = subprocess.run(["bash", copy], capture_output=True, text=True, env={**os.environ, **variables})
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    return done.stderr


def compiler(folder: Path, body: str) -> str:
    """Return the path of a program that stands for the compiler."""
    program = folder / "compiler"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return str(program)


def test_without_compiler_or_library(tmp_path: Path) -> None:
    assert "no compiler" in skipped(tmp_path, CXX=str(tmp_path / "missing"))
    assert "oneDNN is not installed" in skipped(tmp_path, CXX=compiler(tmp_path, "exit 1"))


def test_a_folder_that_is_no_source_of_this_version(tmp_path: Path) -> None:
    version = "\n".join(f"echo '#define DNNL_VERSION_{part} 7'" for part in ("MAJOR", "MINOR", "PATCH"))
    (tmp_path / "elsewhere").mkdir()
    words = skipped(tmp_path, CXX=compiler(tmp_path, version), ONEDNN_SOURCE=str(tmp_path / "elsewhere"))
    assert "elsewhere has no oneDNN 7.7.7" in words
