"""README.md: its programs compile and pass, and its commands have the options that they are given."""

import ast
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
README = (PROJECT / "README.md").read_text()
SNAPSHOTS = PROJECT / "Tests" / "ConformanceCLITests" / "Snapshots"
# Programs that have convcheck's command line, or pass their options on to one of its commands.
COMMAND_LINES = ("convcheck", "mycheck")
PASSING_ON = {"Scripts/conformance": "run"}


def blocks(language):
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def commands():
    """Return the words of every command in an indented or fenced block, and in code within a sentence."""
    fenced = re.findall(r"^```(?:yaml|sh)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    folded = [re.sub(r">\n\s+", "", text) for text in fenced]
    # What `>` folds: a line that is indented further belongs to the one above.
    yaml = [re.sub(r"\n\s+(?=--)", " ", text) for text in folded]
    inline = re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```$", "", README, flags=re.DOTALL | re.MULTILINE))
    lines = [*re.findall(r"^ {4,}(\S.*)$", README, re.MULTILINE), *"\n".join(yaml).splitlines(), *inline]
    found = []
    for line in lines:
        for command in re.split(r" && |<\(", line):
            try:
                words = shlex.split(command.strip().lstrip("-").removeprefix(" run:").strip(), comments=True)
            except ValueError:  # prose of a failing case, with an apostrophe
                continue
            words = [word.rstrip(")") for word in words]
            if words[:2] == ["swift", "run"]:
                words = words[words.index("mycheck") :] if "mycheck" in words else words
            words = words[1:] if words[:1] == ["repeat"] else words
            words = words[2:] if words[:2] == ["lldb", "--"] else words
            if words and (Path(words[0]).name in COMMAND_LINES or "Scripts/" in words[0]):
                found.append(words)
    return found


def script_of(word):
    """Return the script that a command names, as a path in the project."""
    return word[word.index("Scripts/") :]


def options_of(help_text):
    """Return every option that a help text describes."""
    return set(re.findall(r"(?<![\w-])(--?[a-zA-Z][\w-]*)", help_text))


def known_options(words):
    """Return the options that a command has, and those of its words that are to be options of it."""
    given = [word.split("=")[0] for word in words[1:] if re.match(r"--?[a-zA-Z]", word)]
    if words[:2] == ["mycheck", "learn"]:  # a word of that program's own
        return set(), given
    if Path(words[0]).name in COMMAND_LINES:
        if len(words) < 2 or words[1].startswith("-"):
            return options_of((SNAPSHOTS / "help.txt").read_text()) | {"--generate-completion-script"}, given
        return options_of((SNAPSHOTS / f"help-{words[1]}.txt").read_text()), given
    script = script_of(words[0])
    if script in PASSING_ON:
        return options_of((SNAPSHOTS / f"help-{PASSING_ON[script]}.txt").read_text()), given
    if not given:
        return set(), given
    if script == "Scripts/sweep":  # its own, and those that it passes on
        command = [sys.executable, "-m", "sweeping", words[1], "--help"]
        shown = subprocess.run(command, cwd=PROJECT / "Scripts", capture_output=True, text=True, check=True)
        return options_of(shown.stdout) | options_of((SNAPSHOTS / f"help-{words[1]}.txt").read_text()), given
    command = ["-m", "golden.onnx_tests"] if script == "Scripts/import_onnx" else [PROJECT / script]
    shown = subprocess.run(
        [sys.executable, *command, "--help"], cwd=PROJECT / "Scripts", capture_output=True, text=True, check=True
    )
    return options_of(shown.stdout), given


def test_it_has_commands_of_every_kind():
    names = {Path(words[0]).name for words in commands()}
    assert names >= {"convcheck", "mycheck", "conformance", "test", "generate_golden.py", "benchmark"}
    assert len(commands()) > 30


@pytest.mark.parametrize("words", commands(), ids=shlex.join)
def test_every_command_has_its_options(words):
    if "Scripts/" in words[0]:
        assert (PROJECT / script_of(words[0])).exists()
    known, given = known_options(words)
    assert set(given) <= known


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([\w/.-]+\.md)\)", README))))
def test_every_page_that_it_points_to_is_there(path):
    assert (PROJECT / path).exists()


def test_every_heading_that_it_points_to_is_there():
    headings = {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in re.findall(r"^#+ (.*)$", README, re.M)}
    assert set(re.findall(r"\]\(#([^)]+)\)", README)) <= headings


def test_its_python_is_python():
    [adapter] = blocks("python")
    ast.parse(adapter)


@pytest.mark.parametrize(("place", "name"), [(1, "Loops"), (2, "Planar"), (3, "Gradients")])
def test_its_swift_engines_are_those_that_are_built(place, name):
    """The package's own targets of these files depend on what README's package depends on, and on nothing else."""
    assert blocks("swift")[place] == (PROJECT / "Tests" / "ReadmeEngines" / name / "main.swift").read_text()


@pytest.mark.parametrize(
    ("program", "engine"), [("readme-loops", "mine"), ("readme-planar", "planar"), ("readme-gradients", "mine")]
)
def test_its_swift_engines_pass(program, engine):
    chosen = ["--suite", "examples", "--suite", "special", "--suite", "degenerate", "--suite", "invalid"]
    if program == "readme-gradients":
        chosen = ["--suite", "gradients", "--suite", "transposed", "--skip", "gradients/heavy-*"]
    command = [PROJECT / ".build" / "debug" / program, "run", "--jobs", "2", *chosen]
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert re.match(rf"{engine} .*on ", result.stdout)


def test_its_gradients_learn():
    command = [PROJECT / ".build" / "debug" / "readme-gradients", "learn"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    first, second = ast.literal_eval(result.stdout.removeprefix("learned "))
    assert abs(first - 1) < 1e-3
    assert abs(second + 1) < 1e-3


def test_its_package_is_one(tmp_path):
    """The manifest names products that there are, and SwiftPM reads it."""
    (tmp_path / "convcheck").symlink_to(PROJECT)
    package = tmp_path / "mycheck"
    package.mkdir()
    manifest = blocks("swift")[0]
    (package / "Package.swift").write_text(manifest)
    command = ["swift", "package", "--package-path", package, "dump-package"]
    dumped = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert dumped.returncode == 0, dumped.stderr
    products = re.findall(r'\.library\(name: "(\w+)"', (PROJECT / "Package.swift").read_text())
    wanted = re.findall(r'\.product\(name: "(\w+)", package: "convcheck"\)', manifest)
    assert wanted
    assert set(wanted) <= set(products)
