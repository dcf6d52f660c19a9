"""Covering arrays: few rows in which every possible combination of values of every three factors occurs.

A greedy construction after AETG (Cohen, Dalal, Fredman, Patton, 1997), made deterministic by a SplitMix64 stream.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from golden.drawing.streams import splitmix64

STRENGTH = 3
CANDIDATES = 12  # rows tried for each row taken

Row = tuple[int, ...]
Table = dict[tuple[int, ...], NDArray[np.bool_]]


@dataclass(frozen=True)
class Constraint:
    """A condition on the values of some factors, given to `holds` in the order of `names`."""

    names: tuple[str, ...]
    holds: Callable[..., bool]


class Model:
    """Factors with their values, and constraints that have no factor in common.

    A row holds, for each factor, the index of one of its values.
    """

    def __init__(self, factors: Mapping[str, tuple], constraints: tuple[Constraint, ...]) -> None:
        self.names = tuple(factors)
        self.values = tuple(factors.values())
        self.sizes = tuple(len(values) for values in self.values)
        constrained = [name for constraint in constraints for name in constraint.names]
        if len(constrained) != len(set(constrained)):
            raise ValueError("a factor stands under two constraints: join them into one")
        self.components = [self._component(constraint) for constraint in constraints]

    def _component(self, constraint: Constraint) -> tuple[tuple[int, ...], NDArray[np.int64]]:
        """Return a constraint's factors and, a row each, the combinations of their values that it admits."""
        factors = tuple(self.names.index(name) for name in constraint.names)
        indices = product(*(range(self.sizes[factor]) for factor in factors))
        admitted = [
            row
            for row in indices
            if constraint.holds(*(self.values[factor][index] for factor, index in zip(factors, row, strict=True)))
        ]
        return factors, np.array(admitted)

    def is_possible(self, chosen: Mapping[int, int]) -> bool:
        """Return whether some valid row has the chosen indices (by factor)."""
        for factors, rows in self.components:
            fits = np.ones(len(rows), bool)
            for column, factor in enumerate(factors):
                if factor in chosen:
                    fits &= rows[:, column] == chosen[factor]
            if not fits.any():
                return False
        return True

    def possible(self) -> Table:
        """Return, for every three factors, which combinations of their values some valid row has."""
        table = {}
        for factors in combinations(range(len(self.names)), STRENGTH):
            possible = np.ones([self.sizes[factor] for factor in factors], bool)
            for constrained, rows in self.components:
                # What the constraint admits of these factors: along those that it does not know, all or nothing.
                known = [factor in constrained for factor in factors]
                admitted = np.zeros([size if k else 1 for size, k in zip(possible.shape, known, strict=True)], bool)
                places = (rows[:, constrained.index(f)] if k else 0 for f, k in zip(factors, known, strict=True))
                admitted[tuple(places)] = len(rows) > 0
                possible &= admitted
            table[factors] = possible
        return table

    def named(self, row: Row) -> dict[str, object]:
        """Return a row's values by the names of their factors."""
        return {name: values[index] for name, values, index in zip(self.names, self.values, row, strict=True)}


@dataclass(frozen=True)
class Proof:
    """What a covering array covers: combinations covered and possible, and those that the constraints rule out."""

    covered: int
    possible: int
    ruled_out: int


def prove(model: Model, rows: list[Row]) -> Proof:
    """Count what rows cover; raises ValueError unless every row is valid and every possible combination occurs."""
    if not all(model.is_possible(dict(enumerate(row))) for row in rows):
        raise ValueError("a row of the covering array violates a constraint")
    covered = possible = combined = 0
    for factors, wanted in model.possible().items():
        seen = np.zeros_like(wanted)
        seen[tuple(np.array(rows)[:, factors].T)] = True
        covered, possible, combined = covered + seen.sum(), possible + wanted.sum(), combined + wanted.size
        if np.any(wanted & ~seen):
            raise ValueError(f"not covered: combinations of {', '.join(model.names[f] for f in factors)}")
    return Proof(int(covered), int(possible), int(combined - possible))


def covering_array(model: Model, seed: int, rows: Sequence[Row] = ()) -> list[Row]:
    """Return rows that cover every possible combination of values of every three factors: those given, and others."""
    missing = model.possible()
    rows = list(rows)
    for row in rows:
        cover(missing, row)
    while any(table.any() for table in missing.values()):
        candidates = [candidate(model, missing, seed + len(rows) * CANDIDATES + i) for i in range(CANDIDATES)]
        best = max(candidates, key=lambda row: gain(missing, row))
        cover(missing, best)
        rows.append(best)
    return rows


def cover(missing: Table, row: Row) -> None:
    """Take the combinations that a row has from those that are missing."""
    for factors, table in missing.items():
        table[tuple(row[factor] for factor in factors)] = False


def gain(missing: Table, row: Row) -> int:
    """Return how many missing combinations a row has."""
    return sum(bool(table[tuple(row[factor] for factor in factors)]) for factors, table in missing.items())


def candidate(model: Model, missing: Table, seed: int) -> Row:
    """Return one row: a missing combination, then factor by factor, in random order, the value that covers most."""
    random = splitmix64(seed, 1 + len(model.names))
    most = max(missing, key=lambda factors: int(missing[factors].sum()))
    left = np.argwhere(missing[most])
    chosen = dict(zip(most, map(int, left[int(random[0] % np.uint64(len(left)))]), strict=True))
    for factor in np.argsort(random[1:]):
        if int(factor) not in chosen:
            chosen[int(factor)] = best_value(model, missing, chosen, int(factor), int(random[1 + factor]))
    return tuple(chosen[factor] for factor in range(len(model.names)))


def best_value(model: Model, missing: Table, chosen: dict[int, int], factor: int, seed: int) -> int:
    """Return the possible value of a factor that covers most missing combinations with what is chosen already.

    Chance breaks ties, so that no value is favoured.
    """
    covered = np.zeros(model.sizes[factor], int)
    for others in combinations(sorted(chosen), STRENGTH - 1):
        factors = tuple(sorted((*others, factor)))
        covered += missing[factors][tuple(slice(None) if f == factor else chosen[f] for f in factors)]
    ranked = np.lexsort((splitmix64(seed, len(covered)), -covered))
    return next(int(value) for value in ranked if model.is_possible({**chosen, factor: int(value)}))
