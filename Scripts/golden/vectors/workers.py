"""Vectors made by several processes at once, in the order of their cases."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context

from golden.vectors.build import build
from golden.vectors.case import Case
from golden.vectors.vector import Vector

TOGETHER = 16  # cases that a process makes before it hands them over
WORTH_PROCESSES = 4 * TOGETHER  # cases; fewer are made before the processes have started

Listed = Sequence[tuple[str, Case]]  # cases with the names of their suites


def cores() -> int:
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def vectors(listed: Listed, processes: int) -> Iterator[Iterator[Vector]]:
    """Give the vectors of some cases, in order, made by so many processes.

    Processes are forked on Linux, and inherit the cases, which hold functions and cannot be sent; elsewhere, where a
    fork is not safe, this process makes them all.
    """
    if processes < 2 or len(listed) < WORTH_PROCESSES or sys.platform != "linux":
        yield (build(*one) for one in listed)
        return
    work = parts(listed)
    context = get_context("fork")
    with ProcessPoolExecutor(processes, context, start_worker, (listed,)) as pool:
        try:
            yield (vector for made in pool.map(make, work) for vector in made)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def parts(listed: Listed) -> list[range]:
    """Return runs of places in a list: some small cases together, each large one alone."""
    found, first = [], 0
    for place, (_, case) in enumerate(listed):
        if is_large(case) or place - first >= TOGETHER:
            found += [range(first, place)] if place > first else []
            first = place
            if is_large(case):
                found.append(range(place, place + 1))
                first = place + 1
    return [*found, range(first, len(listed))] if first < len(listed) else found


def is_large(case: Case) -> bool:
    """Return whether a case takes a while by itself."""
    return case.is_digest or case.is_sampled


def start_worker(listed: Listed) -> None:
    """Prepare a process: what it inherits is its list; an interrupt is the first process's affair."""
    global make_place
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    make_place = partial(make_one, listed)


def make_one(listed: Listed, place: int) -> Vector:
    """Return the vector of one case."""
    return build(*listed[place])


make_place = partial(make_one, ())


def make(places: range) -> list[Vector]:
    """Return the vectors of the cases at some places of the list."""
    return [make_place(place) for place in places]
