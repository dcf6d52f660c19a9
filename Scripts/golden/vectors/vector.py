"""What is stored of a case: what it says of itself, member by member, and datasets."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.drawing.operands import Operands
from golden.problem.kinds import FLOAT32, FORWARD
from golden.vectors import checksum
from golden.vectors.case import Case


class CaseError(Exception):
    """A case that cannot be made: degenerate, contradicting a publication, or beyond exact arithmetic."""


@dataclass(frozen=True)
class Vector:
    """A case with its data, as it is stored: the members of its row in the table, and its datasets, by name."""

    members: dict[str, object]
    datasets: dict[str, NDArray]

    @property
    def name(self) -> str:
        """The case's name."""
        return self.members["name"]

    @property
    def stored_members(self) -> dict[str, object]:
        """The members with the checksum over them and the datasets."""
        return self.members | {checksum.NAME: checksum.checksum(self.members, self.datasets)}


Trial = Callable[[Case, int], tuple[Vector | None, str]]  # a vector from a seed, or why there is none


def members(case: Case, seed: int, bias: NDArray | None, found: list[str]) -> dict[str, object]:
    """Return a case's members, without its checksum; `found` are the kinds of degeneracy that it has."""
    geometry, kind = case.geometry, case.kind
    types = {f"{role}_type": kind.type_of(role) for role in ("input", "filter", "output")}
    optional = {
        "bias_count": None if bias is None else np.int64(len(bias)),
        "operation": None if kind.operation == FORWARD else kind.operation,
        "source": case.source or None,
    } | (types if set(types.values()) != {FLOAT32} else {})
    return {
        "name": case.name,
        "input_shape": np.array(geometry.input, np.int64),
        "filter_shape": np.array(geometry.filter, np.int64),
        "strides": np.array(geometry.strides, np.int64),
        "dilations": np.array(geometry.dilations, np.int64),
        "padding": geometry.padding,
        "pads": np.array(geometry.pads, np.int64),
        "groups": np.int64(geometry.groups),
        "data": case.data,
        "expect": case.expect,
        "seed": np.uint64(seed),
        "tags": case.all_tags,
        "note": case.full_note(found),
    } | present(optional)


def with_alternatives(case: Case, operands: Operands, vector: Vector) -> Vector:
    """Return a vector with the further answers of its case, where that has some."""
    if not case.alternative:
        return vector
    answers = case.alternative.answers(case.kind, case.geometry, operands, vector.datasets["expected"])
    meanings = {
        "choice": case.alternative.choice,
        "expected_meaning": case.alternative.expected_meaning,
        "alternative_meaning": list(answers),
    }
    stacked = np.stack(list(answers.values()))  # [answers, and the shape of one]
    return Vector(vector.members | meanings, vector.datasets | {"alternative": stacked})


def present(values: dict[str, object]) -> dict[str, object]:
    """Return the members or datasets that there are: a case without a bias stores none."""
    return {name: value for name, value in values.items() if value is not None}
