"""Sampled cases of problems as large as they are: what they are called, and which of them take long."""

from golden.problem.geometry import Geometry
from golden.problem.kinds import PLAIN, Kind
from golden.problem.naming import INTEGER, REAL, SHORT
from golden.suites.networks import work
from golden.vectors.case import SLOW, Case

MOST_PRODUCTS = 100_000_000  # of a case that every run takes


def sampled_cases(
    name: str, geometry: Geometry, note: str, tags: tuple[str, ...], source: str, kind: Kind = PLAIN
) -> list[Case]:
    """Return a problem with integer and with real data; one of very many products gets the tag `slow`."""
    slow = (SLOW,) if work(geometry) > MOST_PRODUCTS else ()
    return [
        Case(
            f"{name}-{SHORT[data]}",
            geometry,
            note,
            data=data,
            tags=(*tags, *slow),
            source=source,
            is_sampled=True,
            kind=kind,
        )
        for data in (INTEGER, REAL)
    ]


def counted(cases: list[Case]) -> list[str]:
    """Say how many cases take long, and how many products there are."""
    slow = [case for case in cases if SLOW in case.tags]
    total, of_slow = (sum(work(case.geometry) for case in chosen) for chosen in (cases, slow))
    return [
        f"{len(slow)} of {len(cases)} cases, with more than {MOST_PRODUCTS // 10**6} million products each, have the "
        f"tag `{SLOW}`, and are run only where they are asked for.",
        f"{round(total / 1e9)} thousand million products in all, and {round((total - of_slow) / 1e9, 1)} without "
        "those.",
    ]
