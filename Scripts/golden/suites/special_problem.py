"""One problem of the suite `special`: small whole numbers, and among them a few that are not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from golden.answers.alternatives import Alternative
from golden.drawing.families import BIAS, FILTER, INPUT, Tensors, draw_integers
from golden.problem.geometry import Geometry
from golden.problem.naming import SPECIAL, name_of
from golden.vectors.case import Case
from golden.vectors.degeneracy import KINDS


@dataclass(frozen=True)
class Span:
    """A slice that can be a key."""

    start: int | None = None
    stop: int | None = None
    step: int | None = None


ALL = Span()
Places = Mapping[tuple[int | Span, ...], float]


@dataclass(frozen=True)
class Special:
    """One problem: a slug for its name, its geometry, what it catches, and what is put where.

    The base data is `integer`, with 1 for 0, so that infinity meets a zero only where one is put; input, filter and
    bias are multiplied by `scales` (powers of two). `thin` says why the data may be degenerate, where it may.
    """

    slug: str
    geometry: Geometry
    note: str
    tags: tuple[str, ...]
    input: Places = field(default_factory=dict)
    filter: Places = field(default_factory=dict)
    bias: Places = field(default_factory=dict)
    scales: tuple[float, float, float] = (1, 1, 1)
    thin: str = ""
    source: str = ""
    alternative: Alternative | None = None

    def case(self) -> Case:
        """Return the case."""
        return Case(
            f"{self.slug}-{name_of(self.geometry, SPECIAL)}",
            self.geometry,
            self.note,
            data=SPECIAL,
            tags=("special", *self.tags, *(("choice",) if self.alternative else ())),
            source=self.source,
            allowed=dict.fromkeys(KINDS, self.thin) if self.thin else {},
            draw=self.draw,
            check=self.check,
            alternative=self.alternative,
        )

    def draw(self, geometry: Geometry, seed: int) -> Tensors:
        """Draw the base, scale it, and put the special values into it."""
        drawn = []
        places = (self.input, self.filter, self.bias)
        for values, scale, placed in zip(draw_integers(geometry, seed), self.scales, places, strict=True):
            if values is None:
                drawn.append(None)
                continue
            values = np.where(values == 0, 1, values).astype(np.float32) * np.float32(scale)
            for index, value in placed.items():
                values[tuple(slice(i.start, i.stop, i.step) if isinstance(i, Span) else i for i in index)] = value
            drawn.append(values)
        return (drawn[INPUT], drawn[FILTER], drawn[BIAS])

    def check(self, _: Tensors, expected: NDArray) -> None:
        """Raise ValueError unless most of the output is finite."""
        finite = np.count_nonzero(np.isfinite(expected))
        if 2 * finite < expected.size:
            raise ValueError(f"only {finite} of {expected.size} outputs are finite")
