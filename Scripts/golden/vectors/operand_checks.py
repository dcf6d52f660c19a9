"""What the operands of a case have to be: those of its kind, in their types and shapes."""

import numpy as np

from golden.answers.rounding import is_exact_in
from golden.drawing.operands import Operands
from golden.problem.kinds import FILTER, FLOATS, INPUT, OUTPUT, RANGE, STORED, Kind
from golden.vectors.case import Case

SCALES_AND_ZERO_POINTS = tuple(role + part for part in ("_zero_point", "_scale") for role in (INPUT, FILTER, OUTPUT))


def demand_fitting(case: Case, operands: Operands) -> None:
    """Raise ValueError unless the operands are those of the kind: roles, shapes, types, and values of the type."""
    kind = case.kind
    shapes = kind.shapes(case.geometry)
    named = set(operands) - set(SCALES_AND_ZERO_POINTS)
    if named != set(shapes):
        raise ValueError(f"the operands are {', '.join(sorted(named))}, and must be {', '.join(sorted(shapes))}")
    for role, shape in shapes.items():
        values, kind_of_role = operands[role], kind.type_of(role)
        if (values.dtype, values.shape) != (STORED[kind_of_role], shape):
            raise ValueError(
                f"{role} is {values.dtype} {list(values.shape)}, and must be {STORED[kind_of_role]} {list(shape)}"
            )
        if kind_of_role in FLOATS and not is_exact_in(values, kind_of_role).all():
            raise ValueError(f"{role} holds a number that {kind_of_role} has not")
    if not kind.is_floating:
        demand_quantization(kind, operands, case.geometry.filter[3])


def demand_quantization(kind: Kind, operands: Operands, filters: int) -> None:
    """Raise ValueError unless there are the zero points and scales that a kind has, each of them one that there is."""
    parts = SCALES_AND_ZERO_POINTS if kind.is_quantized else SCALES_AND_ZERO_POINTS[:2]
    there = {name for name in operands if name in SCALES_AND_ZERO_POINTS}
    if there != set(parts):
        raise ValueError(f"there are {', '.join(sorted(there))}, and must be {', '.join(sorted(parts))}")
    for name in parts:
        values, role = operands[name], name.split("_")[0]
        if values.shape not in {(1,), (filters,) if role == FILTER else (1,)}:
            raise ValueError(f"{name} has the shape {list(values.shape)}")
        if name.endswith("_scale"):
            sound = values.dtype == np.float32 and np.all(np.isfinite(values) & (values > 0))
        else:
            least, largest = RANGE[kind.type_of(role)]
            sound = values.dtype == np.int32 and np.all((values >= least) & (values <= largest))
        if not sound:
            raise ValueError(f"{name} is {values.dtype} {values.tolist()}, which is none of a {kind.type_of(role)}")
