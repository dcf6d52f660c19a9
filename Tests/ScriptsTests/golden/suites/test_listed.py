"""Suites of problems at their true sizes."""

from math import prod

import pytest
from golden.problem.kinds import INPUT_GRADIENT
from golden.suites import leaderboards, listed, network_problems, networks, networks_full
from golden.vectors.case import SLOW


def test_every_layer_is_in_one_of_the_suites_at_its_true_size() -> None:
    full = {case.geometry for case in networks_full.cases()}
    whole = {case.geometry for case in networks.cases() if "reduced" not in case.tags}
    assert not full & whole
    assert full | whole >= set(network_problems.problems())
    with pytest.raises(ValueError, match="1 layers are missing"):
        networks_full.coverage(networks_full.cases()[2:])


def test_leaderboards_have_the_published_sizes() -> None:
    by_name = {case.name: case for case in leaderboards.cases()}
    assert len(by_name) == 54
    largest = by_name["gpu-mode-timed-256-32-128-1-int"]
    assert round(networks.work(largest.geometry) / 1e11, 1) == 8.5
    transposed = by_name["kernelbench-75-transposed-real"]
    assert (transposed.kind.operation, transposed.kind.answer(transposed.geometry)) == (
        INPUT_GRADIENT,
        (16, 257, 766, 64),
    )
    assert by_name["kernelbench-50-int"].geometry.bias
    assert prod(by_name["kernelbench-84-int"].geometry.input) * 4 == 2**32


def test_what_takes_long_says_so() -> None:
    for case in (*leaderboards.cases(), *networks_full.cases()):
        assert (SLOW in case.tags) == (networks.work(case.geometry) > listed.MOST_PRODUCTS)
    rest = [case for case in (*leaderboards.cases(), *networks_full.cases()) if SLOW not in case.tags]
    assert len(rest) > 20
    assert sum(networks.work(case.geometry) for case in rest) < 4e9
