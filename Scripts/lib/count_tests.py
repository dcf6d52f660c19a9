"""Count the tests of a JUnit file: print how many passed and how many failed.

    count_tests.py FILE [PREFIX...]

Exit status 1 where a test failed or was skipped, where there is none at all, or none whose class begins with a PREFIX.
"""

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree


def outcome(case: ElementTree.Element) -> str:
    """Say what became of a test; one that was skipped has shown nothing, and counts as failed."""
    faults = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
    return "failed" if faults else "passed"


def main(path: str, *prefixes: str) -> int:
    """Count, print, and judge."""
    if not Path(path).exists():
        print(f"there are no results: {path} was not written", file=sys.stderr)
        return 1
    cases = list(ElementTree.parse(path).iter("testcase"))
    for case in cases:
        if case.find("skipped") is not None:
            print(f"skipped: {case.get('classname')} {case.get('name')}", file=sys.stderr)
    classes = {case.get("classname", "").split(".")[0] for case in cases}
    silent = sorted(set(prefixes) - classes)
    for prefix in silent:
        print(f"no test of {prefix} was run", file=sys.stderr)
    counts = Counter(map(outcome, cases))
    print(counts["passed"], counts["failed"] + len(silent) + (not cases))
    return 0 if cases and not silent and not counts["failed"] else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
