"""A sample of all suites, small enough to be made again and again: cases of every kind, and every 25th small one."""

import sys
from collections.abc import Hashable
from dataclasses import replace
from functools import partial
from math import prod
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "Scripts"))

from golden.files import folder
from golden.suites import ALL
from golden.suites.suite import Suite
from golden.vectors.case import Case

STEP = 25
SMALL = 2**24  # numbers of the input times numbers of the filter


def kind(case: Case) -> Hashable:
    """What decides how a case is drawn, computed and stored."""
    geometry = case.geometry
    drawn = case.draw.__qualname__ if hasattr(case.draw, "__qualname__") else type(case.draw)
    of_geometry = (geometry.padding, geometry.bias, geometry.groups > 1, geometry.filter[2] > 1)
    if not case.kind.is_plain:  # of which no arithmetic depends on the geometry
        of_geometry = ()
    choice = case.alternative.choice if case.alternative else ""
    return (
        case.kind,
        case.data,
        case.expect,
        case.is_digest,
        case.is_sampled,
        case.given is None,
        drawn,
        choice,
        *of_geometry,
    )


def size(case: Case) -> int:
    return prod(case.geometry.input) * prod(case.geometry.filter)


def chosen(suite: Suite) -> list[Case]:
    """The smallest case of each kind, and every 25th small case."""
    cases = suite.checked_cases()
    smallest: dict[Hashable, Case] = {}
    for case in sorted(cases, key=size):
        smallest.setdefault(kind(case), case)
    small = [case for case in cases if size(case) < SMALL]
    names = {case.name for case in [*smallest.values(), *small[::STEP]]}
    return [case for case in cases if case.name in names]


def write_sample(suites: list[Suite], target: Path, processes: int) -> None:
    """Write the sample of each suite as that suite's file."""
    folder.write([replace(suite, cases=partial(chosen, suite)) for suite in suites], target, processes)


if __name__ == "__main__":
    write_sample([suite for suite in ALL if suite.name in sys.argv[2:]], Path(sys.argv[1]), processes=2)
