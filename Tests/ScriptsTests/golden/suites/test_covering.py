"""The covering array, proven anew by enumeration that shares nothing with its construction."""

from collections.abc import Callable
from itertools import combinations, product

import pytest
from golden.suites import interactions
from golden.suites.covering import Constraint, Model, covering_array, prove

FACTORS = {"a": (1, 2, 3), "b": (1, 2, 3), "c": (0, 1), "d": ("x", "y", "z"), "e": (False, True)}
CONSTRAINTS = (Constraint(("b", "a"), lambda b, a: b % a == 0), Constraint(("c", "e"), lambda c, e: c or e))


def is_valid(row: dict) -> bool:
    return row["b"] % row["a"] == 0 and bool(row["c"] or row["e"])


def test_every_valid_combination_of_three_occurs() -> None:
    model = Model(FACTORS, CONSTRAINTS)
    rows = [model.named(row) for row in covering_array(model, seed=4)]
    everything = [dict(zip(FACTORS, values, strict=True)) for values in product(*FACTORS.values())]
    valid = [row for row in everything if is_valid(row)]
    assert all(is_valid(row) for row in rows)
    assert len(rows) < len(valid)
    for names in combinations(FACTORS, 3):
        assert {tuple(row[n] for n in names) for row in rows} == {tuple(row[n] for n in names) for row in valid}


def test_a_row_less_or_an_invalid_row_is_noticed() -> None:
    model = Model(FACTORS, CONSTRAINTS)
    rows = covering_array(model, seed=4)
    proof = prove(model, rows)
    assert proof.covered == proof.possible
    with pytest.raises(ValueError, match="not covered"):
        for length in range(len(rows) - 1, 0, -1):
            prove(model, rows[:length])
    invalid = (2, 0, 1, 0, 0)  # a = 3, b = 1
    with pytest.raises(ValueError, match="violates a constraint"):
        prove(model, [*rows, invalid])


def test_a_factor_under_two_constraints_is_refused() -> None:
    with pytest.raises(ValueError, match="two constraints"):
        Model(FACTORS, (CONSTRAINTS[0], Constraint(("a", "e"), lambda *_: True)))


def settings(case: interactions.Case) -> dict:
    geometry = case.geometry
    values = (
        *geometry.input,
        geometry.filter[3],
        *geometry.filter[:2],
        *geometry.strides,
        *geometry.dilations,
        geometry.padding,
        geometry.groups,
        geometry.bias,
        case.data,
    )
    return dict(zip(interactions.array()[0].names, values, strict=True))


def test_the_cases_of_interactions_cover_what_is_claimed() -> None:
    """Every combination that is missing is impossible: shown by trying all settings of the factors it binds."""
    rows = [settings(case) for case in interactions.cases()]
    factors = {**interactions.FACTORS, **interactions.FAMILIES}
    assert len(factors) >= 12
    missing = 0
    for names in combinations(factors, 3):
        seen = {tuple(row[name] for name in names) for row in rows}
        for values in set(product(*(factors[name] for name in names))) - seen:
            missing += 1
            chosen = dict(zip(names, values, strict=True))
            divides = can_hold(chosen, ("channels", "filters", "groups"), interactions.divide)
            fits = can_hold(chosen, interactions.CONSTRAINED, interactions.fits)
            assert not (divides and fits), f"{chosen} is possible and does not occur"
    assert missing == prove(*interactions.array()).ruled_out


def can_hold(chosen: dict, names: tuple[str, ...], holds: Callable[..., bool]) -> bool:
    choices = [(chosen[name],) if name in chosen else interactions.FACTORS[name] for name in names]
    return any(holds(*values) for values in product(*choices))


def test_rows_that_are_given_stay_and_what_they_lack_is_added() -> None:
    model = Model(FACTORS, CONSTRAINTS)
    whole = covering_array(model, seed=4)
    assert covering_array(model, seed=9, rows=whole) == whole
    completed = covering_array(model, seed=9, rows=whole[3:])
    assert completed[: len(whole) - 3] == whole[3:]
    assert len(completed) > len(whole) - 3
    prove(model, completed)


def test_the_rows_of_interactions_lack_nothing() -> None:
    assert len(interactions.array()[1]) == 2 * len(interactions.ROWS.split())
