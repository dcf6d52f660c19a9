"""A row more or less in a suite leaves every other case as it was: name, problem, note, seed and data."""

from collections.abc import Callable

import numpy as np
import pytest
from golden.drawing.streams import case_seed
from golden.suites import grid, interactions, network_layers, networks, numerics, tails
from golden.suites.suite import Suite
from golden.vectors.case import Case


def without(values: dict, *left_out: object) -> dict:
    return {key: value for key, value in values.items() if key not in left_out}


def without_layer(name: str) -> Callable:
    whole = getattr(network_layers, name)
    return lambda: whole()[1:]


# A suite, the name of a table in its module, and the table with a row less.
LESS = {
    "a batch": (grid, "BATCHES", without(grid.BATCHES, 1)),
    "channels": (grid, "CHANNELS", without(grid.CHANNELS, 3)),
    "filters": (grid, "FILTERS", without(grid.FILTERS, 1)),
    "a stride": (grid, "STRIDES", without(grid.STRIDES, (2, 2))),
    "a size": (tails, "SIZES", without(tails.SIZES, 1, 16)),
    "groups": (tails, "GROUPED", without(tails.GROUPED, (2, 1, 4))),
    "depthwise channels": (tails, "DEPTHWISE", without(tails.DEPTHWISE, 5)),
    "a filter of numerics": (numerics, "FILTERS", without(numerics.FILTERS, (1, 1, 2))),
    "a distribution": (numerics, "DISTRIBUTIONS", numerics.DISTRIBUTIONS[1:]),
    "a layer": (network_layers, "vgg", without_layer("vgg")),
    "a row of the array": (interactions, "ROWS", interactions.ROWS.strip().partition(" ")[2]),
}
# Of these, a row more.
MORE = {
    "batches": (grid, "BATCHES", {7: 3, **grid.BATCHES}),
    "a filter": (numerics, "FILTERS", {(5, 1, 3): True, **numerics.FILTERS}),
    "groups": (tails, "GROUPED", {(7, 2, 2): 50, **tails.GROUPED}),
    "a value of the array": (interactions, "FACTORS", interactions.FACTORS | {"batch": (1, 2, 5)}),
}


def suite_of(module: object) -> Suite:
    return networks.SUITE if module is network_layers else module.SUITE


def contents(case: Case) -> tuple:
    return (case.geometry, case.note, case.data, case.all_tags, case.allowed, case.source, case.is_digest)


def cases_of(module: object) -> dict[str, Case]:
    for cached in (interactions.array, interactions.proven):
        cached.cache_clear()
    return {case.name: case for case in suite_of(module).cases()}


@pytest.fixture(autouse=True)
def fresh() -> None:
    yield
    interactions.array.cache_clear()
    interactions.proven.cache_clear()


@pytest.mark.parametrize("name", LESS)
def test_a_row_less_takes_its_cases_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, table, shortened = LESS[name]
    before = cases_of(module)
    monkeypatch.setattr(module, table, shortened)
    after = cases_of(module)
    lost = before.keys() - after.keys()
    assert 0 < len(lost) < len(before) / 2
    if module is not interactions:  # where what is lost is made up for
        assert after.keys() < before.keys()
    demand_same(suite_of(module), before, after)


@pytest.mark.parametrize("name", MORE)
def test_a_row_more_changes_no_case(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, table, lengthened = MORE[name]
    before = cases_of(module)
    monkeypatch.setattr(module, table, lengthened)
    after = cases_of(module)
    assert before.keys() < after.keys()
    demand_same(suite_of(module), before, after)


def demand_same(suite: Suite, before: dict[str, Case], after: dict[str, Case]) -> None:
    for name in before.keys() & after.keys():
        assert contents(before[name]) == contents(after[name]), name
    for name in sorted(before.keys() & after.keys())[::40]:
        if not before[name].is_digest:
            seed = case_seed(f"{suite.name}/{name}")
            for one, other in zip(before[name].tensors(seed), after[name].tensors(seed), strict=True):
                assert np.array_equal(one, other)


def test_families_of_layers_are_those_of_layers_that_there_are() -> None:
    names = {case.name for case in networks.cases()}
    assert {f"{layer}-real" for layer in networks.REAL_LAYERS} == {name for name in names if name.endswith("-real")}
