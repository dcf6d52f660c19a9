"""One problem of the suite `invalid`."""

from dataclasses import dataclass

from golden.drawing.families import BIAS, Tensors, draw_integers, integers
from golden.problem.geometry import Geometry
from golden.problem.naming import name_of
from golden.problem.objections import only_kernel_too_large
from golden.vectors.case import REJECTION, REJECTION_OR_EMPTY, Case

PLAIN = Geometry((2, 6, 7, 4), (3, 2, 4, 6))  # valid: what is changed of it makes it invalid
GROUPED = Geometry((1, 5, 6, 6), (2, 3, 2, 9), groups=3)  # valid too


@dataclass(frozen=True)
class Invalid:
    """One invalid problem: a slug for its name, what is wrong with it, and the fault that it shows."""

    slug: str
    geometry: Geometry
    reason: str
    tag: str
    biases: int | None = None
    source: str = ""

    def case(self) -> Case:
        """Return the case."""
        only_too_large = only_kernel_too_large(self.geometry, self.biases)
        must = "Must be refused, or give an empty output" if only_too_large else "Must be refused"
        name = f"{self.slug}-{name_of(self.geometry, 'integer')}"
        draw = None if self.biases is None else self.draw_with_biases
        return Case(
            name,
            self.geometry,
            f"{must}: {self.reason}.",
            tags=("invalid", self.tag),
            source=self.source,
            draw=draw,
            expect=REJECTION_OR_EMPTY if only_too_large else REJECTION,
        )

    def draw_with_biases(self, geometry: Geometry, seed: int) -> Tensors:
        """Draw integer data with another number of biases."""
        image, weights, _ = draw_integers(geometry, seed)
        return (image, weights, integers(seed, BIAS, (self.biases,), 127))
