"""A copy of Scripts/ in a folder of its own, with a PATH that holds what a test puts there and nothing else."""

import os
import shutil
import subprocess
from pathlib import Path

PROJECT = Path(__file__).parents[3]
TOOLS = [
    "bash",
    "basename",
    "cat",
    "chmod",
    "dirname",
    "env",
    "flock",
    "grep",
    "mkdir",
    "mv",
    "python3",
    "rm",
    "sed",
    "tee",
    "touch",
    "tr",
]

# It builds a convcheck that writes down its arguments and ends with the status that a test asks for.
SWIFT = """#!/bin/bash
echo "swift $*" >> "$LOG"
case $1 in
    build)
        [ -z "${BUILD_FAILS-}" ] || exit 1
        mkdir -p "$PROJECT/.build/release" "$PROJECT/.build/debug"
        {
            echo '#!/bin/bash'
            echo 'printf "%s\\0" "$@" > "$ARGUMENTS"; echo "the report"'
            echo 'exit "${STATUS:-0}"'
        } > "$PROJECT/.build/release/convcheck"
        chmod +x "$PROJECT/.build/release/convcheck"
        cat "$PROJECT/.build/release/convcheck" > "$PROJECT/.build/debug/convcheck"
        chmod +x "$PROJECT/.build/debug/convcheck" ;;
    test)
        case "$*" in
            *waiting.xml*)
                [ -z "${WAITING_RESULTS-}" ] ||
                    printf '%s' "$WAITING_RESULTS" > .build/test-results/waiting-swift-testing.xml
                exit "${WAITING_STATUS:-0}" ;;
        esac
        [ -z "${RESULTS-}" ] || printf '%s' "$RESULTS" > .build/test-results/swift-swift-testing.xml
        exit "${TESTS_STATUS:-0}" ;;
    format) exit "${FORMAT_STATUS:-0}" ;;
esac
"""
# hdf5 is there once apt-get has installed it.
PKG_CONFIG = '#!/bin/bash\ncase "$*" in *hdf5*) test -e "$HDF5" ;; esac\n'
APT_GET = """#!/bin/bash
echo "apt-get $*" >> "$LOG"
echo "noise of apt-get"
[ -z "${APT_FAILS-}" ] || exit 100
case "$*" in *install*libhdf5-dev*) touch "$HDF5" ;; esac
"""
SUDO = '#!/bin/bash\necho "sudo $1" >> "$LOG"\nexec "${@:2}"\n'
USER, ROOT = "#!/bin/bash\necho 1000\n", "#!/bin/bash\necho 0\n"


class Sandbox:
    """The project's path has a space in it: every quote that is missing shows."""

    def __init__(self, folder):
        self.project = folder / "a project"
        self.bin = folder / "bin"
        self.log = folder / "log"
        self.hdf5 = folder / "hdf5"
        self.arguments = folder / "arguments"
        shutil.copytree(PROJECT / "Scripts", self.project / "Scripts")
        shutil.copytree(PROJECT / ".ci", self.project / ".ci")
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool, path="/usr/bin:/bin"))
        self.add(swift=SWIFT, git="", **{"g++": "", "pkg-config": PKG_CONFIG, "apt-get": APT_GET, "id": ROOT})
        self.hdf5.touch()

    def add(self, **commands):
        for name, text in commands.items():
            (self.bin / name).unlink(missing_ok=True)
            (self.bin / name).write_text(text)
            (self.bin / name).chmod(0o755)

    def remove(self, name):
        (self.bin / name).unlink()

    def run(self, script, *arguments, cwd=None, **environment):
        """Run Scripts/`script` or .ci/`script` and return the finished process."""
        for file in (self.log, self.arguments):
            file.unlink(missing_ok=True)
        places = {"PROJECT": self.project, "LOG": self.log, "HDF5": self.hdf5, "ARGUMENTS": self.arguments}
        return subprocess.run(
            [self.project / script, *arguments],
            cwd=cwd or self.project,
            env={"PATH": str(self.bin), "HOME": os.environ["HOME"]}
            | {k: str(v) for k, v in places.items()}
            | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    @property
    def calls(self):
        """What was called, in order."""
        return self.log.read_text().splitlines() if self.log.exists() else []

    @property
    def passed_on(self):
        """The arguments that convcheck was given, or None where it was not started."""
        return self.arguments.read_text().split("\0")[:-1] if self.arguments.exists() else None
