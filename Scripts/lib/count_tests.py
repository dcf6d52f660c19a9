"""Count the tests of JUnit files: print how many passed and how many failed, then a line for each of the failed.

    count_tests.py FILE... [-- PREFIX...]

Exit status 1 where a test failed or was skipped, where a file has none at all, or where there is none of a PREFIX, the
first part of its class. A test's line ends with the first line of what it says.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree


def fault(case: ElementTree.Element) -> str | None:
    """Say why a test did not pass, if so; one that was skipped has shown nothing, and counts as failed."""
    faults = [child for child in case if child.tag in ("failure", "error", "skipped")]
    if not faults:
        return None
    words = (faults[0].get("message") or faults[0].text or "").strip()
    first = words.splitlines()[0] if words else "it does not say why"
    return f"{faults[0].tag}: {first}"


def main(*words: str) -> int:
    """Count, print, and judge."""
    paths, prefixes = (words[: words.index("--")], words[words.index("--") + 1 :]) if "--" in words else (words, ())
    cases, empty = [], []
    for path in paths:
        of_file = list(ElementTree.parse(path).iter("testcase")) if Path(path).exists() else []
        if not of_file:
            empty.append(f"{path} has no results, or was not written")
        cases += of_file
    faults = {case: fault(case) for case in cases}
    failed = [case for case in cases if faults[case]]
    classes = {case.get("classname", "").split(".")[0] for case in cases}
    silent = sorted(set(prefixes) - classes)
    print(len(cases) - len(failed), len(failed) + len(silent) + len(empty))
    for case in failed:
        print(f"{case.get('classname')} {case.get('name')}: {faults[case]}")
    for line in [*empty, *(f"no test of {prefix} was run" for prefix in silent)]:
        print(line)
    return 1 if empty or silent or failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
