"""From a case to its tensors: draw, refuse what is degenerate, compute twice, round once."""

import numpy as np

from golden.answers.reference import demand_equal, exact_sum, patches_times_matrix
from golden.drawing.operands import by_role
from golden.drawing.streams import case_seed
from golden.problem.naming import SPECIAL
from golden.problem.objections import objections, only_kernel_too_large, repairable
from golden.vectors.case import OUTPUT, REJECTION, REJECTION_OR_EMPTY, Case
from golden.vectors.degeneracy import degeneracies
from golden.vectors.digest import digest_vector
from golden.vectors.operand_vectors import trial_of_operands
from golden.vectors.sampled import sampled_vector
from golden.vectors.special_data import special_vector
from golden.vectors.vector import CaseError, Trial, Vector, members, present

ATTEMPTS = 1000


def build(suite: str, case: Case) -> Vector:
    """Return a case's vector; raises CaseError where it cannot be made."""
    identifier = f"{suite}/{case.name}"
    try_seed = trial(case)
    try:
        for attempt in range(ATTEMPTS):
            seed = 0 if case.given else case_seed(identifier, attempt)
            vector, refusal = try_seed(case, seed)
            if vector:
                return vector
            if case.given:
                break
    except (ArithmeticError, ValueError) as error:
        raise CaseError(f"{identifier}: {error}") from error
    raise CaseError(f"{identifier}: {refusal}")


def trial(case: Case) -> Trial:
    """Return the function that makes a vector of this kind of case from a seed."""
    if case.is_sampled:
        return sampled_vector
    if not case.kind.is_plain:
        return trial_of_operands(case)
    if case.expect != OUTPUT:
        return rejection_vector
    if case.is_digest:
        return digest_vector
    return special_vector if case.data == SPECIAL else finite_vector


def finite_vector(case: Case, seed: int) -> tuple[Vector | None, str]:
    """Return the vector that a seed gives, or None and why it is refused."""
    geometry = case.geometry
    image, weights, bias = tensors = case.tensors(seed)
    exact = exact_sum(image, weights, bias, geometry)
    expected = exact.to_float64()
    found = degeneracies(case.kind, by_role(tensors), expected)
    refused = [kind for kind in found if kind not in case.allowed]
    if refused:
        return None, "degenerate: " + ", ".join(refused)
    if exact.rounds_twice_wrongly():
        return None, "rounding to float64 and then to float32 differs from rounding to float32"
    magnitudes = tuple(None if tensor is None else np.abs(tensor) for tensor in tensors)
    magnitude = exact_sum(*magnitudes, geometry)
    demand_equal(expected, patches_times_matrix(*tensors, geometry), "output")
    demand_equal(magnitude.to_float64(), patches_times_matrix(*magnitudes, geometry), "magnitude")
    if case.data == "integer" and magnitude.exceeds(np.float64(2**24 - 1)).any():
        raise CaseError(f"{case.name}: integer data whose sums can exceed 2^24 are not exact in float32")
    if case.check:
        case.check(tensors, expected)
    datasets = {
        "input": image,
        "filter": weights,
        "bias": bias,
        "expected": expected,
        "magnitude": magnitude.to_float32_upwards(),
    }
    return Vector(members(case, seed, bias, found), present(datasets)), ""


def rejection_vector(case: Case, seed: int) -> tuple[Vector | None, str]:
    """Return the vector that a seed gives; raises ValueError unless the problem is wrong in one way, as it says."""
    image, weights, bias = case.tensors(seed)
    problem = (case.geometry, None if bias is None else len(bias))
    if not objections(*problem):
        raise ValueError("the problem is valid, there is nothing to refuse")
    if not repairable(*problem):
        raise ValueError("the problem is wrong in more than one way: no parameter, repaired alone, makes it valid")
    right = REJECTION_OR_EMPTY if only_kernel_too_large(*problem) else REJECTION
    if case.expect != right:
        raise ValueError(f"expects {case.expect}, where {right} is right: {'; '.join(objections(*problem))}")
    datasets = {"input": image, "filter": weights, "bias": bias}
    return Vector(members(case, seed, bias, []), present(datasets)), ""
