"""Answers of engines that take subnormal numbers for zero: in a tensor, in products, in sums, in what is accumulated.

Each tensor may be flushed or kept, and each operation too. The modes of hardware are among them: x86's DAZ zeroes
what an instruction reads, FTZ what it writes; ARM's FZ does both.
"""

from itertools import combinations, permutations

import numpy as np
from numpy.typing import NDArray

from golden.answers.ieee import products_of
from golden.drawing.families import Tensor, Tensors
from golden.problem.geometry import Geometry

SMALLEST_NORMAL = float(np.finfo(np.float32).tiny)
TENSORS = ("inputs", "weights", "biases")
STEPS = ("products", "sums", "outputs")  # `sums` are all on the way, the output among them
READ = "all that an instruction reads, what it accumulates too"
FEW = 3  # terms of which all orders of summation are tried


def with_subnormals_flushed(tensors: Tensors, geometry: Geometry, expected: NDArray) -> dict[str, NDArray[np.float64]]:
    """Return each distinct output of an engine that takes some subnormal numbers for zero, by what it flushes.

    Raises ValueError where an output depends on the order of summation in a way that none of them has.
    """
    found: list[tuple[NDArray, list[tuple[str, ...]]]] = [(expected, [()])]
    for count in range(1, len(TENSORS + STEPS) + 1):
        for zeroed in combinations(TENSORS + STEPS, count):
            add(found, zeroed, output(tensors, geometry, zeroed))
    for turn in range(FEW):
        left = one_product(tensors, geometry, turn)
        if not any(np.array_equal(left, answer) for answer, _ in found):
            found.append((left, [(f"{READ}, so that of several products number {turn + 1} alone is left",)]))
    demand_every_order(tensors, geometry, [answer for answer, _ in found])
    return {meaning(causes): answer for answer, causes in found[1:]}


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


def flushed(values: NDArray) -> NDArray:
    """Return the values with zeros for those below the smallest normal float32."""
    return np.where(np.abs(values) < SMALLEST_NORMAL, 0, values)


def tensors_flushed(tensors: Tensors, zeroed: tuple[str, ...]) -> Tensors:
    """Return (input, filter, bias), those named with zeros for subnormal elements."""
    image, weights, bias = (
        flushed(values) if name in zeroed and values is not None else values
        for name, values in zip(TENSORS, tensors, strict=True)
    )
    return image, weights, bias


def output(tensors: Tensors, geometry: Geometry, zeroed: tuple[str, ...]) -> NDArray[np.float64]:
    """Return the output where what is named is flushed; sums in the order of the taps, then the bias."""
    image, weights, bias = tensors_flushed(tensors, zeroed)
    sums = np.zeros(geometry.output)
    for index in np.ndindex(geometry.output):
        products = products_of((image, weights), geometry, index)
        if "products" in zeroed:
            products = flushed(products)
        total = summed([*products, *bias_of(bias, index)], "sums" in zeroed)
        sums[index] = flushed(total) if "outputs" in zeroed else total
    return sums


def bias_of(bias: Tensor | None, index: tuple[int, ...]) -> list[float]:
    """Return the bias of an element, if there is one."""
    return [] if bias is None else [float(bias[index[3]])]


def summed(terms: list[float], flushes: bool) -> float:
    """Return a sum, term by term; every sum on the way may be flushed. The terms' sums are exact in float64."""
    total = 0.0
    for term in terms:
        total += term
        if flushes and abs(total) < SMALLEST_NORMAL:
            total = 0.0
    return total


def one_product(tensors: Tensors, geometry: Geometry, turn: int) -> NDArray[np.float64]:
    """Return, of normal factors, that product which is not zero whose turn it is; zero where there are fewer.

    It is what is left where what was accumulated is read as zero by each instruction, the tensors too.
    """
    image, weights, bias = tensors_flushed(tensors, TENSORS)
    sums = np.zeros(geometry.output)
    for index in np.ndindex(geometry.output):
        products = products_of((image, weights), geometry, index)
        products = products[products != 0]
        if np.any(np.abs(products) >= SMALLEST_NORMAL):  # what is accumulated is not subnormal
            sums[index] = summed([*products, *bias_of(bias, index)], False)
        elif len(products) > turn:
            sums[index] = products[turn]
    return sums


def demand_every_order(tensors: Tensors, geometry: Geometry, answers: list[NDArray]) -> None:
    """Raise ValueError where sums that are flushed in some order of summation give what is no answer."""
    for count in range(len(TENSORS) + 1):
        for zeroed in combinations(TENSORS, count):
            image, weights, bias = tensors_flushed(tensors, zeroed)
            for index in np.ndindex(geometry.output):
                terms = [*products_of((image, weights), geometry, index), *bias_of(bias, index)]
                right = {float(answer[index]) for answer in answers}
                for total in flushed_in_every_order([term for term in terms if term]):
                    if total not in right:
                        raise ValueError(f"output{list(index)}: {total!r} in another order of flushed sums")


def flushed_in_every_order(terms: list[float]) -> set[float]:
    """Return the sums of terms, each sum on the way flushed, in every order; of many terms where all give one."""
    if len(terms) <= FEW:
        return {summed(list(order), True) for order in permutations(terms)}
    if sum(map(abs, terms)) < SMALLEST_NORMAL:
        return {0.0}  # every sum on the way is subnormal
    if all(term % SMALLEST_NORMAL == 0 for term in terms):
        return {sum(terms)}  # none is
    raise ValueError(f"{len(terms)} terms, whose sums are subnormal in some orders only")
