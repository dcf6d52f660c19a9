"""A golden case before it has data: its name, geometry, family, and what it is for."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from golden.answers.alternatives import Alternative
from golden.drawing.families import DRAWS, Draw, Tensors
from golden.drawing.operands import OPERAND_DRAWS, OperandDraw, Operands
from golden.problem.geometry import Geometry
from golden.problem.kinds import PLAIN, Kind
from golden.problem.naming import INTEGER, geometry_tags

SLOW = "slow"  # the tag of cases that are run only where they are asked for
OUTPUT, REJECTION, REJECTION_OR_EMPTY = "output", "rejection", "rejection-or-empty"
Check = Callable[[Tensors | Operands, np.ndarray], None]


@dataclass(frozen=True)
class Case:
    """One case of a suite.

    `note` is one sentence: which fault the case catches. `allowed` maps a kind of degeneracy (see `degenerate`) to
    the reason why this case may have it; where it does, the reason ends up in the stored note. `given` holds (input,
    filter, bias) that are not drawn; the seed is then 0. `draw` draws them otherwise than the family does. `check` is
    called with the tensors and the expected output, and raises ValueError where they contradict a published answer.
    `expect` is REJECTION where the problem is invalid, REJECTION_OR_EMPTY where all that is wrong with it is a kernel
    larger than the padded input. `alternative` stands for further answers. A digest case stores no tensors, and a
    sampled case only some elements of its answer. `kind` is
    the operation with the types of its tensors; where it is not the forward convolution in float32, `given`, what
    `draw` returns and what `check` is called with are operands by role.
    """

    name: str
    geometry: Geometry
    note: str
    data: str = INTEGER
    tags: tuple[str, ...] = ()
    source: str = ""
    allowed: dict[str, str] = field(default_factory=dict)
    given: Tensors | Operands | None = None
    draw: Draw | OperandDraw | None = None
    check: Check | None = None
    expect: str = OUTPUT
    alternative: Alternative | None = None
    is_digest: bool = False
    is_sampled: bool = False
    kind: Kind = PLAIN

    @property
    def all_tags(self) -> list[str]:
        """The case's own tags and those that follow from its geometry, kind and family, sorted."""
        return sorted({*self.tags, *geometry_tags(self.geometry), *self.kind.tags, self.data})

    def full_note(self, found: list[str]) -> str:
        """Return the note, with the reasons why the kinds of degeneracy found are allowed."""
        return " ".join([self.note, *(f"Has {kind}: {self.allowed[kind]}." for kind in found)])

    def tensors(self, seed: int) -> Tensors:
        """Return (input, filter, bias) of a forward convolution in float32 for a seed."""
        return self.given or (self.draw or DRAWS[self.data])(self.geometry, seed)

    def operands(self, seed: int) -> Operands:
        """Return the operands of any other kind, with zero points and scales, for a seed."""
        return self.given or (self.draw or OPERAND_DRAWS[self.data])(self.geometry, self.kind, seed)
