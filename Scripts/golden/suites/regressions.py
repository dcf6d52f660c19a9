"""Suite `regressions`: faults of shipped implementations, at the geometries where they were met, and next to them."""

from golden.suites import regressions_layout, regressions_padding, regressions_size
from golden.suites.reports import REPORTS
from golden.suites.suite import Suite
from golden.vectors.case import Case


def cases() -> list[Case]:
    """List all cases."""
    faults = (*regressions_layout.faults(), *regressions_padding.faults(), *regressions_size.faults())
    return [case for fault in faults for case in fault.cases()]


def coverage(cases: list[Case]) -> list[str]:
    """Say how many reports the cases stand for; prove that every case names one that is known."""
    known = {report.id for report in REPORTS}
    named = {identifier for case in cases for identifier in case.source.split(", ")}
    if named - known:
        raise ValueError(f"regressions: no report is known as {', '.join(sorted(named - known))}")
    triggers, digests = sum("trigger" in case.tags for case in cases), sum(case.is_digest for case in cases)
    return [
        f"{len(named)} reports, {triggers} geometries as they were reported, {len(cases) - triggers} next to those.",
        f"{digests} cases are too large to store and become digest cases.",
        "The table of reports below says which cases stand for each, also in other suites, and what is left out.",
    ]


SUITE = Suite(
    name="regressions",
    title="Faults of shipped implementations",
    description=(
        "Each case is the geometry of a reported fault, or one next to it: one channel fewer and more, even and odd, "
        "one below and above a tile. Integer data. A fault of one layout shows in that layout only: run every layout."
    ),
    cases=cases,
    coverage=coverage,
)
