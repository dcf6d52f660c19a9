"""Answers of engines that take subnormal numbers for zero: in a tensor, in products, in sums, in what is accumulated.

Each tensor may be flushed or kept, and each operation too. The modes of hardware are among them: x86's DAZ zeroes
what an instruction reads, FTZ what it writes; ARM's FZ does both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, permutations, product

import numpy as np
from numpy.typing import NDArray

from golden.answers.elements import bias_at
from golden.answers.ieee import products_of
from golden.drawing.operands import Operands
from golden.problem.geometry import Geometry
from golden.problem.kinds import BIAS, FILTER, INPUT, LEAST_EXPONENT, OUTPUT, Kind

TENSORS = {INPUT: "inputs", FILTER: "weights", BIAS: "biases", OUTPUT: "gradients"}
STEPS = ("products", "sums", "outputs")  # `sums` are all on the way, the output among them
READ = "all that an instruction reads, what it accumulates too"
FEW = 3  # terms of which all orders of summation are tried


def with_subnormals_flushed(
    kind: Kind, geometry: Geometry, operands: Operands, expected: NDArray
) -> dict[str, NDArray[np.float64]]:
    """Return each distinct output of an engine that takes some subnormal numbers for zero, by what it flushes.

    Raises ValueError where an output depends on the order of summation in a way that none of them has.
    """
    least = 2.0 ** LEAST_EXPONENT[kind.output]
    subnormal = [name for role, name in TENSORS.items() if role in operands and tiny(operands[role], least)]
    terms = {zeroed: Terms.of(kind, geometry, operands, zeroed) for zeroed in subsets(subnormal)}
    found: list[tuple[NDArray, list[tuple[str, ...]]]] = [(expected, [()])]
    for zeroed in sorted(product(terms, subsets(STEPS)), key=lambda pair: len(pair[0] + pair[1])):
        add(found, zeroed[0] + zeroed[1], terms[zeroed[0]].output(zeroed[1]))
    for turn in range(FEW):
        left = terms[tuple(subnormal)].one_product(turn)
        if not any(np.array_equal(left, answer) for answer, _ in found):
            found.append((left, [(f"{READ}, so that of several products number {turn + 1} alone is left",)]))
    for of_tensors in terms.values():
        of_tensors.demand_every_order([answer for answer, _ in found])
    return {meaning(causes): answer for answer, causes in found[1:]}


def subsets(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return all subsets, the smaller ones first."""
    return [chosen for count in range(len(names) + 1) for chosen in combinations(names, count)]


def tiny(values: NDArray, least: float) -> bool:
    """Return whether some value is subnormal."""
    return bool(np.any(flushed(values, least) != values))


def add(found: list, zeroed: tuple[str, ...], answer: NDArray) -> None:
    """Add an answer, or what leads to it where it is known; what needs no more than is known already is left out."""
    for known, causes in found:
        if np.array_equal(known, answer):
            if not any(set(cause) <= set(zeroed) for cause in causes):
                causes.append(zeroed)
            return
    found.append((answer, [zeroed]))


def meaning(causes: list[tuple[str, ...]]) -> str:
    """Return in words what leads to an answer."""
    return "taken for zero where subnormal: " + "; or ".join(" and ".join(cause) for cause in causes)


def flushed(values: NDArray, least: float) -> NDArray:
    """Return the values with zeros for those below the least normal number."""
    return np.where(np.abs(values) < least, values.dtype.type(0), values)


@dataclass(frozen=True)
class Terms:
    """What is summed into each element of the output, by its index: products, and the bias in a list of its own."""

    shape: tuple[int, ...]
    products: dict[tuple[int, ...], NDArray[np.float64]]
    biases: dict[tuple[int, ...], list[float]]
    least: float  # normal number

    @staticmethod
    def of(kind: Kind, geometry: Geometry, operands: Operands, zeroed: tuple[str, ...]) -> "Terms":
        """Return the terms where the tensors named have zeros for subnormal elements."""
        least = 2.0 ** LEAST_EXPONENT[kind.output]
        kept = {
            role: flushed(values, least) if TENSORS[role] in zeroed else values for role, values in operands.items()
        }
        shape = kind.answer(geometry)
        indices = list(np.ndindex(shape))
        return Terms(
            shape,
            {index: products_of(kind, geometry, kept, index) for index in indices},
            {index: [float(bias_at(kept, index))] if BIAS in kept else [] for index in indices},
            least,
        )

    def output(self, zeroed: tuple[str, ...]) -> NDArray[np.float64]:
        """Return the output where the steps named are flushed; sums in the order of the taps, then the bias."""
        sums = np.zeros(self.shape)
        for index, products in self.products.items():
            kept = flushed(products, self.least) if "products" in zeroed else products
            sums[index] = summed([*kept, *self.biases[index]], self.least if "sums" in zeroed else 0.0)
        return flushed(sums, self.least) if "outputs" in zeroed else sums

    def one_product(self, turn: int) -> NDArray[np.float64]:
        """Return that product which is not zero whose turn it is; zero where there are fewer.

        It is what is left where an instruction that multiplies and adds reads what was accumulated as zero. Where a
        product is normal, so is what is accumulated, and nothing is lost. Raises ValueError where there are too many.
        """
        sums = np.zeros(self.shape)
        for index, products in self.products.items():
            some = products[products != 0]
            if np.any(np.abs(some) >= self.least):
                sums[index] = summed([*some, *self.biases[index]], 0.0)
            elif len(some) > FEW:
                raise ValueError(
                    f"output{list(index)}: {len(some)} subnormal products of normal factors, of which any "
                    f"may be left: more products than {FEW}"
                )
            elif len(some) > turn:
                sums[index] = some[turn]
        return sums

    def demand_every_order(self, answers: list[NDArray]) -> None:
        """Raise ValueError where sums that are flushed in some order of summation give what is no answer."""
        for index, products in self.products.items():
            terms = [term for term in (*products, *self.biases[index]) if term]
            right = {float(answer[index]) for answer in answers}
            for total in flushed_in_every_order(terms, self.least):
                if total not in right:
                    raise ValueError(f"output{list(index)}: {total!r} in another order of flushed sums")


def summed(terms: list[float], least: float) -> float:
    """Return a sum, term by term; sums on the way below `least` become 0. The terms' sums are exact in float64."""
    total = 0.0
    for term in terms:
        total += term
        if abs(total) < least:
            total = 0.0
    return total


def flushed_in_every_order(terms: list[float], least: float) -> set[float]:
    """Return the sums of terms, each sum on the way flushed, in every order; of many terms where all give one."""
    if len(terms) <= FEW:
        return {summed(list(order), least) for order in permutations(terms)}
    if sum(map(abs, terms)) < least:
        return {0.0}  # every sum on the way is subnormal
    if all(term % least == 0 for term in terms):
        return {sum(terms)}  # none is
    raise ValueError(f"{len(terms)} terms, whose sums are subnormal in some orders only")
