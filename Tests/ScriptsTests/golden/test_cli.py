"""The command line: what it says, and its exit status where it cannot go on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from golden import cli
from golden.files import progress
from golden.suites import ALL
from golden.vectors import workers
from golden.vectors.build import CaseError
from golden_setup import DEBIAN_PYTHON, MODERN_PYTHON, SCRIPT


def test_list_names_suites_counts_and_coverage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--list", "--suite", "grid", "--suite", "examples"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines if not line.startswith(" ")] == ["examples", "grid"]
    assert "960 cases" in next(line for line in lines if line.startswith("grid"))
    assert any("All 960 combinations" in line for line in lines)


@pytest.mark.parametrize("python", [DEBIAN_PYTHON, MODERN_PYTHON], ids=["debian", "modern"])
def test_a_list_that_is_not_read_to_its_end_ends_quietly(python: Path) -> None:
    listing = subprocess.Popen([python, SCRIPT, "--list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    listing.stdout.close()
    assert listing.stderr.read() == b""
    assert listing.wait() == 141


def test_an_unknown_suite_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--suite", "grdi"]) == 2
    message = capsys.readouterr().err
    assert "grdi" in message
    assert all(suite.name in message for suite in ALL)


def test_no_process_at_all_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--jobs", "0", "--list"]) == 2
    assert "--jobs is 0, and must be at least 1" in capsys.readouterr().err


def test_a_process_that_dies_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "build", lambda *_: os._exit(9))
    assert cli.main(["--suite", "grid", "--jobs", "2", "--output", str(tmp_path)]) == 1
    assert "a process died" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["/proc/golden", "{file}", "{file}/below"])
def test_an_output_that_cannot_be_written_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    file = tmp_path / "file"
    file.touch()
    path = path.format(file=file)
    assert cli.main(["--suite", "examples", "--output", path]) == 2
    assert f"cannot write to {path}" in capsys.readouterr().err


def test_a_folder_that_is_none_cannot_be_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--check", "--output", str(tmp_path / "none")]) == 2
    assert "is not a folder" in capsys.readouterr().err


def test_a_wrong_flag_is_wrong_usage() -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--sweet", "grid"])
    assert stopped.value.code == 2


def test_a_case_that_cannot_be_made_leaves_the_old_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "examples.h5").write_text("old")

    def refuse(*_: object) -> None:
        raise CaseError("examples/some: degenerate")

    monkeypatch.setattr(workers, "build", refuse)
    assert cli.main(["--suite", "examples", "--output", str(tmp_path)]) == 1
    assert "examples/some: degenerate" in capsys.readouterr().err
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("examples.h5", "old")]


def test_one_suite_leaves_the_others_in_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "grid.h5").write_text("there already")
    assert cli.main(["--suite", "examples", "--output", str(tmp_path)]) == 0
    listed = [line.split()[1] for line in (tmp_path / "SHA256SUMS").read_text().splitlines()]
    assert listed == ["examples.h5", "grid.h5"]


def test_sha256sum_accepts_the_manifest(tmp_path: Path) -> None:
    assert cli.main(["--suite", "examples", "--output", str(tmp_path)]) == 0
    subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=tmp_path, check=True, capture_output=True)


def test_progress_is_for_terminals_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--suite", "examples", "--output", str(tmp_path)]) == 0
    assert capsys.readouterr().err == ""


def test_progress_is_shown_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress.progress(2) as advance:
        advance("grid/a")
        advance("grid/b")
    assert "0/2" in capsys.readouterr().err


def run_without_libraries(folder: Path, debian: str) -> subprocess.CompletedProcess[str]:
    """Run the script under a Python that has neither library, with another path in place of Debian's Python."""
    script = folder / "generate_golden.py"
    script.write_text(SCRIPT.read_text().replace("/usr/bin/python3", debian))
    (folder / "golden").symlink_to(SCRIPT.parent / "golden")
    python = folder / "bare" / "bin" / "python"
    subprocess.run([DEBIAN_PYTHON, "-m", "venv", "--without-pip", folder / "bare"], check=True)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [python, script, "--list", "--suite", "examples"], capture_output=True, text=True, check=False, env=environment
    )


def test_missing_libraries_are_named_with_the_remedy(tmp_path: Path) -> None:
    done = run_without_libraries(tmp_path, "/nowhere/python3")
    assert done.returncode == 2
    for word in ("numpy", "h5py", "apt-get install python3-numpy python3-h5py", "pip install numpy h5py"):
        assert word in done.stderr


def test_debians_python_steps_in_for_one_without_libraries(tmp_path: Path) -> None:
    done = run_without_libraries(tmp_path, str(DEBIAN_PYTHON))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("examples: ")
