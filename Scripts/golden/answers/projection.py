"""What elements of an answer add up to over the last axis of a group, each times a number of its own: without it.

    forward:         sum over f of v[f] output[n, y, x, f]  =  input  x  (sum over f of v[f] filter[.., f])
    input gradient:  sum over c of v[c] gradient[n, row, column, c]
                     =  the output's gradient  x  (sum over c of v[c] filter[.., c, ..])

Whole numbers alone, in float64, where all these sums are exact.
"""

import numpy as np
from numpy.typing import NDArray

from golden.answers.relation import windows, windows_over
from golden.drawing.operands import Operands
from golden.problem.geometry import Geometry
from golden.problem.kinds import BIAS, FACTORS, FILTER, FORWARD, Kind


def projected_rows(
    kind: Kind, geometry: Geometry, operands: Operands, vector: NDArray[np.int64], rows: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the sums at some rows of the answer, [rows, columns, groups].

    `rows` are places in the C order of images and rows; `vector` has a number for each index of the last axis. The
    first factor is looked at row by row, and no more of it than is met.
    """
    weights, bias = added_up(kind, geometry, operands, vector)
    is_forward = kind.operation == FORWARD
    (row_of, meets_row), (column_of, meets_column) = (
        (windows if is_forward else windows_over)(geometry, axis) for axis in (0, 1)
    )
    shape = kind.answer(geometry)
    sums = np.empty((len(rows), shape[2], geometry.groups))
    for place, (image, row) in enumerate(zip(*np.divmod(rows, shape[1]), strict=True)):
        sums[place] = bias
        for p in np.flatnonzero(meets_row[row]):
            line = operands[FACTORS[kind.operation][0]][int(image), int(row_of[row, p]), :, :]
            line = line.reshape(len(line), geometry.groups, -1).astype(np.float64)  # [columns, groups, depth]
            for q in range(geometry.filter[1]):
                products = np.einsum("xgd,gd->xg", line, weights[p, q])
                met = np.flatnonzero(meets_column[:, q])
                sums[place, met] += products[column_of[met, q]]
    if np.abs(sums).max(initial=0) >= 2.0**52:
        raise ValueError("the sums of a projection are not exact")
    return sums.astype(np.int64)


def added_up(
    kind: Kind, geometry: Geometry, operands: Operands, vector: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the filters of each group added up, or their channels, [kh, kw, groups, depth], and the bias, [groups]."""
    kh, kw, depth, filters = geometry.filter
    by_group = operands[FILTER].astype(np.float64).reshape(kh, kw, depth, geometry.groups, filters // geometry.groups)
    numbers = vector.astype(np.float64).reshape(geometry.groups, -1)
    pattern = "pqdgf,gf->pqgd" if kind.operation == FORWARD else "pqdgf,gd->pqgf"
    bias = operands[BIAS].astype(np.float64) if BIAS in operands else np.zeros(numbers.size)
    return np.einsum(pattern, by_group, numbers), (bias.reshape(numbers.shape) * numbers).sum(axis=1)
