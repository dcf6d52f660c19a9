"""Invalid problems of any operation and type: the problem has no output, or an operand does not fit it."""

from golden.drawing.operands import Operands
from golden.problem.kinds import BIAS, FORWARD, INPUT_GRADIENT, OUTPUT
from golden.problem.objections import objections, only_kernel_too_large, repairable
from golden.vectors.case import REJECTION, REJECTION_OR_EMPTY, Case
from golden.vectors.vector import Vector, members


def operand_rejection(case: Case, seed: int) -> tuple[Vector | None, str]:
    """Return the vector that a seed gives; raises ValueError unless the problem is wrong in one way, as it says."""
    operands = case.operands(seed)
    demand_one_fault(case, operands)
    right = REJECTION
    if case.kind.operation == FORWARD and only_kernel_too_large(case.geometry, biases_for_filters(case, operands)):
        right = REJECTION_OR_EMPTY
    if case.expect != right:
        raise ValueError(f"expects {case.expect}, where {right} is right")
    return Vector(members(case, seed, operands.get(BIAS), []), dict(operands)), ""


def demand_one_fault(case: Case, operands: Operands) -> None:
    """Raise ValueError unless one thing alone is wrong: the geometry, or the shape of the output, or of the bias."""
    problem = (case.geometry, biases_for_filters(case, operands))
    found = objections(*problem)[:1]  # of one fault, more than one objection may tell
    if found and not repairable(*problem):
        raise ValueError("the problem is wrong in more than one way: no parameter, repaired alone, makes it valid")
    if not found and OUTPUT in operands and operands[OUTPUT].shape != case.geometry.output:
        found = ["the output's gradient has another shape than the output"]
    if case.kind.operation == INPUT_GRADIENT and BIAS in operands and len(operands[BIAS]) != case.geometry.input[3]:
        found = [*found, "the bias is not one to each channel"]
    if len(found) != 1:
        raise ValueError(f"one thing has to be wrong, and there are {len(found)}: {'; '.join(found)}")


def biases_for_filters(case: Case, operands: Operands) -> int | None:
    """Return the number of biases of a forward convolution, which go with its filters; None where there are none."""
    return len(operands[BIAS]) if case.kind.operation == FORWARD and BIAS in operands else None
