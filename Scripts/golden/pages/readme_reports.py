"""The part of `README.md` that says which cases stand for which report of a fault."""

import re
from collections import defaultdict

from golden.suites.reports import REPORTS
from golden.suites.suite import Suite
from golden.vectors.case import Case

HEADING = """\
## Reports

Each suite that is not systematic comes from faults that users met. A report is represented by the cases that name it as
their `source`; `*` stands for the rest of their names.

| report | class | what was seen | cases |
|---|---|---|---|"""


def reports_text(listed: list[tuple[Suite, list[Case]]]) -> list[str]:
    """Return the lines of the table; raises ValueError for a report with neither a case nor a reason to wait."""
    names = defaultdict(list)
    for suite, cases in listed:
        for case in cases:
            for source in case.source.split(", "):
                names[source].append(f"{suite.name}/{case.name}")
    lines = [HEADING]
    for report in REPORTS:
        entries = [f"`{pattern}` ({count})" for pattern, count in grouped(names[report.id]).items()]
        entries += [report.left_out] if report.left_out else []
        if not entries:
            raise ValueError(f"reports: {report.id} has no case, and no reason why not")
        lines.append(f"| {report.id} | {report.group} | {report.seen} | {', '.join(entries)} |")
    return [*lines, ""]


def grouped(names: list[str]) -> dict[str, int]:
    """Return patterns for names that are alike up to the batch, each with their number."""
    counts: dict[str, int] = defaultdict(int)
    for name in names:
        counts[re.sub(r"-b\d+-.*", "-*", name)] += 1
    return counts
