"""Scripts/conformance: what it installs, what it passes on, and what it says at the end."""

import os
import shlex
import zipfile

import pytest
from sandbox import SUDO, USER, Sandbox


@pytest.fixture
def sandbox(tmp_path):
    return Sandbox(tmp_path)


def test_where_all_is_there_nothing_is_installed(sandbox):
    result = sandbox.run("Scripts/conformance")
    assert result.returncode == 0
    assert [call.split()[0] for call in sandbox.calls] == ["swift"]
    assert sandbox.passed_on == ["run"]
    assert result.stdout.splitlines() == [
        "the report",
        "Scripts/conformance: passed: no result that was not expected (exit status 0)",
    ]


def test_without_swift_it_says_so(sandbox):
    sandbox.remove("swift")
    result = sandbox.run("Scripts/conformance")
    assert result.returncode == 2
    assert "Swift is not on the PATH" in result.stderr


def test_what_is_missing_is_installed_and_nothing_else(sandbox):
    sandbox.hdf5.unlink()
    result = sandbox.run("Scripts/conformance")
    assert result.returncode == 0
    assert [call for call in sandbox.calls if "update" in call] == ["apt-get -qq -o DPkg::Lock::Timeout=300 update"]
    [installation] = [call for call in sandbox.calls if "install" in call]
    assert installation.endswith("install --no-install-recommends libhdf5-dev")
    assert sandbox.passed_on == ["run"]
    assert "noise" not in result.stdout + result.stderr


def test_a_user_installs_by_sudo(sandbox):
    sandbox.hdf5.unlink()
    sandbox.add(id=USER, sudo=SUDO)
    assert sandbox.run("Scripts/conformance").returncode == 0
    assert "sudo -n" in sandbox.calls


@pytest.mark.parametrize("lacking", ["apt-get", "sudo"])
def test_where_it_may_not_install_it_says_what_is_missing(sandbox, lacking):
    sandbox.hdf5.unlink()
    if lacking == "apt-get":
        sandbox.remove("apt-get")
    else:
        sandbox.add(id=USER)
    result = sandbox.run("Scripts/conformance")
    assert result.returncode == 2
    assert "libhdf5-dev" in result.stderr
    assert sandbox.calls == []


def test_a_failed_installation_shows_what_apt_said(sandbox):
    sandbox.hdf5.unlink()
    result = sandbox.run("Scripts/conformance", APT_FAILS="1")
    assert result.returncode == 2
    assert "noise of apt-get" in result.stderr
    assert "could not install libhdf5-dev" in result.stderr
    assert sandbox.passed_on is None


def test_a_build_that_fails_is_not_run(sandbox):
    result = sandbox.run("Scripts/conformance", BUILD_FAILS="1")
    assert result.returncode == 70
    assert "does not build" in result.stderr
    assert sandbox.passed_on is None


@pytest.mark.parametrize("status", [0, 1, 2, 3, 4, 5, 70, 130])
def test_the_status_passes_through_and_the_last_line_says_it(sandbox, status):
    result = sandbox.run("Scripts/conformance", STATUS=str(status))
    assert result.returncode == status
    last = result.stdout.splitlines()[-1]
    assert last.startswith("Scripts/conformance: ")
    assert last.endswith(f" (exit status {status})")
    assert ("passed" in last) == (status == 0)


def test_arguments_pass_on_as_they_are(sandbox):
    arguments = [
        "--suite",
        "grid",
        "--case",
        "grid/b2-*",
        "--jsonl",
        "a file",
        "",
        "--engine",
        "direct",
        "--engine=cmd:a b",
    ]
    expected = ["run", *arguments[:-1], "--engine", "cmd:a b"]
    assert sandbox.run("Scripts/conformance", *arguments).returncode == 0
    assert sandbox.passed_on == expected


def test_help_has_no_verdict(sandbox):
    result = sandbox.run("Scripts/conformance", "--help")
    assert (result.returncode, result.stdout) == (0, "the report\n")
    assert sandbox.passed_on == ["run", "--help"]


def test_from_elsewhere_it_runs_the_goldens_of_its_own_project(sandbox, tmp_path):
    assert sandbox.run("Scripts/conformance", "--jsonl", "here", cwd=tmp_path).returncode == 0
    assert sandbox.passed_on == ["run", "--golden", f"{sandbox.project}/Golden", "--jsonl", "here"]
    assert sandbox.run("Scripts/conformance", "--golden", "mine", cwd=tmp_path).returncode == 0
    assert sandbox.passed_on == ["run", "--golden", "mine"]


@pytest.mark.parametrize("form", [["--engine", "numpy"], ["--engine=numpy"]])
def test_an_engine_of_the_folder_becomes_a_command(sandbox, form, tmp_path):
    assert sandbox.run("Scripts/conformance", *form).returncode == 0
    assert sandbox.passed_on == ["run", "--engine", "cmd:/usr/bin/python3 Scripts/engines/numpy_engine.py"]
    assert sandbox.run("Scripts/conformance", *form, cwd=tmp_path).returncode == 0
    adapter = f"{sandbox.project}/Scripts/engines/numpy_engine.py"
    command = sandbox.passed_on[-1].removeprefix("cmd:")
    assert shlex.split(command) == ["/usr/bin/python3", adapter]


def test_an_adapter_is_given_the_words_after_its_name(sandbox):
    assert sandbox.run("Scripts/conformance", "--engine", "numpy --fast 'a b'").returncode == 0
    assert sandbox.passed_on[-1] == "cmd:/usr/bin/python3 Scripts/engines/numpy_engine.py --fast 'a b'"


NUMPY = "cmd:/usr/bin/python3 Scripts/engines/numpy_engine.py"


@pytest.mark.parametrize(
    ("value", "engines"),
    [
        ("direct,numpy", ["direct", NUMPY]),
        ("numpy,direct,numpy", [NUMPY, "direct", NUMPY]),
        ("direct,numpy --fast a,b", ["direct", f"{NUMPY} --fast a,b"]),
        ("numpy,cmd:mine a,numpy", [NUMPY, "cmd:mine a,numpy"]),
        ("cmd:mine,numpy", ["cmd:mine,numpy"]),
        ("direct,", ["direct", ""]),
    ],
)
def test_engines_separated_by_commas_are_like_options_given_again(sandbox, value, engines):
    expected = ["run"]
    for engine in engines:
        expected += ["--engine", engine]
    assert sandbox.run("Scripts/conformance", "--engine", value).returncode == 0
    assert sandbox.passed_on == expected
    assert sandbox.run("Scripts/conformance", f"--engine={value}").returncode == 0
    assert sandbox.passed_on == expected


@pytest.mark.parametrize("name", ["nummpy", "convcheck", "../engines/numpy", ""])
def test_what_is_no_adapter_is_left_to_convcheck(sandbox, name):
    result = sandbox.run("Scripts/conformance", "--engine", name, STATUS="2")
    assert sandbox.passed_on == ["run", "--engine", name]
    said = result.stdout.splitlines()[-1].replace(")", " ").split()
    assert {"numpy", "onnxruntime", "pytorch", "onednn"} <= set(said)


# It compiles, where COMPILER_FAILS does not say otherwise: a library is the words that it was given.
COMPILER = """#!/bin/bash
case "$*" in *-E*) exit 0 ;; esac
echo "g++" >> "$LOG"
while [ $# -gt 0 ]; do if [ "$1" = -o ]; then echo "made" > "$2"; fi; shift; done
[ -z "${COMPILER_FAILS-}" ]
"""


def test_an_engine_in_c_is_compiled_once_and_becomes_a_library(sandbox, tmp_path):
    sandbox.add(**{"g++": COMPILER})
    assert sandbox.run("Scripts/conformance", "--engine", "direct,onednn#auto,numpy").returncode == 0
    library = ".build/engines/libonednn.so"
    assert sandbox.passed_on == ["run", "--engine", "direct", "--engine", f"lib:{library}#auto", "--engine", NUMPY]
    assert (sandbox.project / library).read_text() == "made\n"
    assert "g++" in sandbox.calls
    assert sandbox.run("Scripts/conformance", "--engine", "onednn", cwd=tmp_path).returncode == 0
    assert sandbox.passed_on[-1] == f"lib:{sandbox.project}/{library}"
    assert "g++" not in sandbox.calls


def test_an_engine_in_c_that_does_not_compile_is_not_run(sandbox):
    sandbox.add(**{"g++": COMPILER})
    result = sandbox.run("Scripts/conformance", "--engine", "onednn", COMPILER_FAILS="1")
    assert result.returncode == 2
    assert "onednn does not compile" in result.stderr
    assert sandbox.passed_on is None
    assert not (sandbox.project / ".build/engines/libonednn.so").exists()


# It finds no header of CUDA's.
NO_CUDA = COMPILER.replace(
    'case "$*" in',
    'case "$*" in *cuda_runtime.h*) echo "fatal error: cuda_runtime.h: No such file or directory" >&2; exit 1 ;;',
)
MISSING = "cudnn is not compiled: CUDA's runtime and cuDNN are not here: cuda_runtime.h: No such file or directory"


def test_an_engine_whose_toolkit_is_not_here_is_not_compiled_and_said_in_a_line(sandbox):
    sandbox.add(**{"g++": NO_CUDA})
    result = sandbox.run("Scripts/conformance", "--engine", "direct,cudnn#auto", CUDA_HOME="/nowhere")
    assert result.returncode == 3
    missing, last = result.stderr.splitlines()
    assert missing.startswith(f"build: {MISSING}")
    assert "CUDA_HOME" in missing
    assert last == "Scripts/conformance: not run: an engine could not be started (exit status 3)"
    assert sandbox.calls == []


def test_all_engines_are_compiled_but_for_those_whose_toolkit_is_not_here(sandbox):
    sandbox.add(**{"g++": NO_CUDA})
    result = sandbox.run("Scripts/engines/native/build")
    assert result.returncode == 0
    assert MISSING in result.stderr
    built = [line.rpartition("/")[2] for line in result.stdout.splitlines()]
    assert built == ["libonednn.so", "libxnnpack.so"]
    assert sandbox.run("Scripts/engines/native/build", "cudnn").returncode == 3


def test_a_toolkit_is_found_by_its_home_and_what_is_newer_is_compiled_anew(sandbox, tmp_path):
    # Of a library that it does not know it prints the name.
    known = COMPILER.replace("exit 0 ;;", 'exit 0 ;; -print-file-name=*) echo "${1#*=}"; exit ;;')
    sandbox.add(**{"g++": known})
    for library in ("libcudart.so.12", "libcudnn.so.9"):
        (tmp_path / "my cuda" / "lib").mkdir(parents=True, exist_ok=True)
        (tmp_path / "my cuda" / "lib" / library).touch()

    def build(home):
        result = sandbox.run("Scripts/engines/native/build", "cudnn", CUDA_HOME=str(tmp_path / home))
        return result.returncode, result.stderr, "g++" in sandbox.calls

    status, words, compiled = build("nowhere")
    assert (status, compiled) == (3, False)
    assert "no libcudart.so" in words
    assert build("my cuda") == (0, "", True)
    assert build("my cuda") == (0, "", False)
    header = sandbox.project / "Scripts" / "engines" / "native" / "cudnn_tensors.hpp"
    os.utime(header, (header.stat().st_atime, header.stat().st_mtime + 1e6))
    assert build("my cuda") == (0, "", True)


def test_the_survey_leaves_out_an_engine_that_needs_a_gpu_and_says_why(sandbox):
    sandbox.add(**{"g++": NO_CUDA})
    result = sandbox.run("Scripts/survey", "cudnn")
    assert result.returncode == 0
    assert f"Scripts/survey: cudnn is left out: {MISSING}\n" in result.stderr
    assert f"| `cudnn` |  |  | no record: {MISSING} |" in (sandbox.project / "SURVEY.md").read_text()


def test_the_survey_does_not_pass_over_an_engine_that_does_not_compile(sandbox):
    sandbox.add(**{"g++": COMPILER})
    result = sandbox.run("Scripts/survey", "onednn", COMPILER_FAILS="1")
    assert result.returncode == 1
    assert "onednn could not be run" in result.stderr
    assert "| `onednn` |  |  | no record: not run to its end |" in (sandbox.project / "SURVEY.md").read_text()


def test_an_engine_without_a_name_is_wrong_usage(sandbox):
    result = sandbox.run("Scripts/conformance", "--engine")
    assert result.returncode == 2
    assert "--engine wants a name" in result.stderr


def test_an_engine_whose_library_does_not_come_is_not_run(sandbox):
    adapter = sandbox.project / "Scripts" / "engines" / "absent_engine.py"
    adapter.write_text('# dependencies = ["absent"]\n# debian = ["python3-absent_module"]\n')
    result = sandbox.run("Scripts/conformance", "--engine", "absent")
    assert result.returncode == 2
    assert "python3-absent_module is installed, and yet not to be found" in result.stderr
    assert sandbox.passed_on is None


@pytest.fixture
def adapter(sandbox, tmp_path):
    """An adapter whose only dependency is a wheel, made here."""
    wheel = tmp_path / "probe-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("probe.py", "")
        archive.writestr("probe-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: probe\nVersion: 1.0\n")
        archive.writestr("probe-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("probe-1.0.dist-info/RECORD", "")
    path = sandbox.project / "Scripts" / "engines" / "probe_engine.py"
    path.write_text(f'# dependencies = ["{wheel}"]\n')
    return path


def test_a_virtual_environment_is_made_once_and_never_trusted_half_made(sandbox, adapter):
    folder = sandbox.project / ".venv" / "probe"

    def run(status=0):
        result = sandbox.run("Scripts/conformance", "--engine", "probe")
        assert result.returncode == status
        return result.stderr

    # Interrupted before the end.
    folder.mkdir(parents=True)
    (folder / "stale").touch()
    assert "installing" in run()
    assert not (folder / "stale").exists()
    assert sandbox.passed_on[-1] == "cmd:.venv/probe/bin/python Scripts/engines/probe_engine.py"
    assert list(folder.glob("lib/python3*/site-packages/probe.py"))
    made = folder.stat().st_ino
    assert "installing" not in run()
    assert folder.stat().st_ino == made

    # Made of other packages; what pip does not find ends it, and leaves no mark.
    sandbox.arguments.unlink()
    (folder / "stale").touch()
    adapter.write_text('# dependencies = ["/nowhere/probe-1.0-py3-none-any.whl"]\n')
    assert "pip could not install /nowhere/probe-1.0-py3-none-any.whl" in run(status=2)
    assert not (folder / "stale").exists()
    assert not (folder / "complete").exists()
    assert sandbox.passed_on is None
