"""Scripts/test: every step runs, and no fault passes for a success."""

import re
import subprocess
import sys

import pytest
from sandbox import PROJECT, Sandbox


def results(*cases):
    return f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>"


def case(classname="OneTests.Suite", inside=""):
    return f'<testcase classname="{classname}" name="works()">{inside}</testcase>'


ALL_PASSED = {
    "RESULTS": results(case()),
    "WAITING_RESULTS": results(case("TwoTests")),
    "PYTEST_RESULTS": results(case("probe")),
    "GENERATOR_RESULTS": results(case("golden")),
}
MODERN = r"""#!/bin/bash
case $2 in
    pytest)
        [[ "$*" =~ --junitxml\ ([^ ]*) ]] && file=${BASH_REMATCH[1]}
        case $file in
            */generator.xml) printf '%s' "$GENERATOR_RESULTS" >"$file"; exit "${GENERATOR_STATUS:-0}" ;;
            *) printf '%s' "$PYTEST_RESULTS" >"$file"; exit "${PYTEST_STATUS:-0}" ;;
        esac ;;
    ruff) exit "${RUFF_STATUS:-0}" ;;
esac
"""


@pytest.fixture
def sandbox(tmp_path):
    """A project of two Swift test targets, whose Python packages are all installed."""
    sandbox = Sandbox(tmp_path)
    sandbox.add(shellcheck="#!/bin/bash\n", chromium="#!/bin/bash\n")
    for target in ("OneTests", "TwoTests"):
        (sandbox.project / "Tests" / target).mkdir(parents=True)
        (sandbox.project / "Tests" / target / f"{target}.swift").touch()
    modern = sandbox.project / ".venv" / "modern"
    (modern / "bin").mkdir(parents=True)
    (modern / "bin" / "python").write_text(MODERN)
    (modern / "bin" / "python").chmod(0o755)
    version = subprocess.run(["/usr/bin/python3", "-V"], capture_output=True, text=True, check=True).stdout.strip()
    (modern / "complete").write_text(f"{version} numpy>=2 h5py tqdm pytest ruff==0.17.* onnx==1.23.*\n")
    sweep = sandbox.project / ".venv" / "sweep"
    sweep.mkdir()
    [pins] = re.findall(r"make_venv sweep (.*) >&2", (sandbox.project / "Scripts" / "lib" / "setup.sh").read_text())
    (sweep / "complete").write_text(f"{version} {pins}\n")
    for name in ("onnxruntime", "pytorch"):
        adapter = sandbox.project / "Scripts" / "engines" / f"{name}_engine.py"
        adapter.write_text('# debian = ["python3-numpy"]\n')
    return sandbox


def run(sandbox, **environment):
    return sandbox.run("Scripts/test", **ALL_PASSED | environment)


def test_when_all_pass_it_says_how_many(sandbox):
    result = run(sandbox)
    assert result.returncode == 0, result.stdout + result.stderr
    # Two Swift tests, one of the generator and one Python test; the eight other steps count as one each.
    assert result.stdout.splitlines()[-2] == "12 passed, 0 failed"
    assert result.stdout.splitlines()[-1].startswith("Scripts/test: all 11 steps passed in ")


def test_ci_runs_it(sandbox):
    result = sandbox.run(".ci/run", **ALL_PASSED, CI="true")
    assert result.returncode == 0
    assert "12 passed, 0 failed" in result.stdout.splitlines()


@pytest.mark.parametrize(
    ("environment", "step", "counts"),
    [
        ({"BUILD_FAILS": "1"}, "Swift build, Real engines", "10 passed, 2 failed"),
        ({"TESTS_STATUS": "1"}, "Swift tests", "12 passed, 1 failed"),
        ({"RESULTS": ""}, "Swift tests", "11 passed, 2 failed"),
        ({"RESULTS": results()}, "Swift tests", "11 passed, 2 failed"),
        ({"RESULTS": results(case("ThreeTests"))}, "Swift tests", "12 passed, 1 failed"),
        ({"RESULTS": results(case(inside="<failure/>")), "TESTS_STATUS": "1"}, "Swift tests", "11 passed, 1 failed"),
        ({"WAITING_RESULTS": ""}, "Swift tests", "11 passed, 2 failed"),
        ({"WAITING_RESULTS": results()}, "Swift tests", "11 passed, 2 failed"),
        ({"WAITING_RESULTS": results(case())}, "Swift tests", "12 passed, 1 failed"),
        ({"WAITING_STATUS": "1"}, "Swift tests", "12 passed, 1 failed"),
        ({"STATUS": "1"}, "Real engines", "11 passed, 1 failed"),
        ({"FORMAT_STATUS": "1"}, "Swift format", "11 passed, 1 failed"),
        ({"GENERATOR_STATUS": "1"}, "Generator tests", "12 passed, 1 failed"),
        ({"GENERATOR_RESULTS": results()}, "Generator tests", "11 passed, 1 failed"),
        ({"PYTEST_STATUS": "1"}, "Python tests", "12 passed, 1 failed"),
        ({"PYTEST_RESULTS": results()}, "Python tests", "11 passed, 1 failed"),
        ({"PYTEST_RESULTS": results(case(), case(inside="<skipped/>"))}, "Python tests", "12 passed, 1 failed"),
        ({"RUFF_STATUS": "1"}, "Python style", "11 passed, 1 failed"),
    ],
)
def test_a_step_that_fails_is_named_and_the_others_run(sandbox, environment, step, counts):
    result = run(sandbox, **environment)
    lines = result.stdout.splitlines()
    assert result.returncode == 1
    assert lines[-2] == counts
    assert lines[-1].startswith("Scripts/test: failed in ")
    assert lines[-1].endswith(f" s: {step}")
    assert sum(line.startswith("FAILED ") for line in lines) == len(step.split(", "))
    assert "== Shell style" in lines


def test_what_failed_is_told_once_more_at_the_end(sandbox):
    failure = '<failure message="Expectation failed: 2 == 3&#10;and more"/>'
    result = run(
        sandbox,
        RESULTS=results(case(), case(inside=failure), case("ThreeTests")),
        PYTEST_RESULTS=results(case("probe", "<skipped>no Chromium</skipped>"), case("probe", "<error/>")),
    )
    lines = result.stdout.splitlines()
    assert lines[-7:-2] == [
        "",
        "Swift tests: OneTests.Suite works(): failure: Expectation failed: 2 == 3",
        "Python tests: probe works(): skipped: no Chromium",
        "Python tests: probe works(): error: it does not say why",
        "",
    ]


def test_every_failed_step_is_named(sandbox):
    result = run(sandbox, BUILD_FAILS="1", FORMAT_STATUS="1", RUFF_STATUS="1")
    assert result.stdout.splitlines()[-1].endswith(" s: Swift build, Swift format, Python style, Real engines")


def test_an_engine_that_cannot_be_installed_fails_its_step_alone(sandbox):
    adapter = sandbox.project / "Scripts" / "engines" / "pytorch_engine.py"
    adapter.write_text('# debian = ["python3-absent_module"]\n')
    result = run(sandbox)
    assert result.returncode == 1
    assert result.stdout.splitlines()[-1].endswith(" s: PyTorch, Python tests, Real engines")
    assert "== Swift tests" in result.stdout.splitlines()


def test_a_missing_tool_is_said_before_anything_is_run(sandbox):
    sandbox.remove("shellcheck")
    result = run(sandbox)
    assert result.returncode == 2
    assert "shellcheck is installed, and yet not to be found" in result.stderr
    assert "==" not in result.stdout


@pytest.mark.parametrize(
    ("contents", "printed", "status"),
    [
        ([results(case(), case("TwoTests.Suite"))], "2 0", 0),
        ([results(case()), results(case("TwoTests.Suite"))], "2 0", 0),
        ([results(case(), case("TwoTests.Suite", "<failure/>"))], "1 1", 1),
        ([results(case(), case("TwoTests.Suite", "<error/>"))], "1 1", 1),
        ([results(case()), results(case("TwoTests.Suite", "<skipped>no</skipped>"))], "1 1", 1),
        ([results(case(), case("TwoTestsAndMore.Suite"))], "2 1", 1),
        ([results(case(), case("TwoTests.Suite")), results()], "2 1", 1),
        ([results()], "0 3", 1),
    ],
)
def test_the_count(tmp_path, contents, printed, status):
    paths = [tmp_path / f"{number}.xml" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_text(content)
    script = PROJECT / "Scripts" / "lib" / "count_tests.py"
    command = [sys.executable, script, *paths, "--", "OneTests", "TwoTests"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    counts, *faults = result.stdout.splitlines()
    assert (counts, result.returncode) == (printed, status)
    assert len(faults) == int(printed.split()[1])
