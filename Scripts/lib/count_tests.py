"""Count the tests of JUnit files: print how many passed and how many failed.

    count_tests.py FILE... [-- PREFIX...]

Exit status 1 where a test failed or was skipped, where a file has none at all, or where there is none of a PREFIX, the
first part of its class.
"""

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree


def outcome(case: ElementTree.Element) -> str:
    """Say what became of a test; one that was skipped has shown nothing, and counts as failed."""
    faults = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
    return "failed" if faults else "passed"


def main(*words: str) -> int:
    """Count, print, and judge."""
    paths, prefixes = (words[: words.index("--")], words[words.index("--") + 1 :]) if "--" in words else (words, ())
    cases, empty = [], 0
    for path in paths:
        of_file = list(ElementTree.parse(path).iter("testcase")) if Path(path).exists() else []
        if not of_file:
            print(f"there are no results: {path} has none, or was not written", file=sys.stderr)
        empty += not of_file
        cases += of_file
    for case in cases:
        if case.find("skipped") is not None:
            print(f"skipped: {case.get('classname')} {case.get('name')}", file=sys.stderr)
    classes = {case.get("classname", "").split(".")[0] for case in cases}
    silent = sorted(set(prefixes) - classes)
    for prefix in silent:
        print(f"no test of {prefix} was run", file=sys.stderr)
    counts = Counter(map(outcome, cases))
    print(counts["passed"], counts["failed"] + len(silent) + empty)
    return 0 if not empty and not silent and not counts["failed"] else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
