"""A suite: named cases that share a purpose, and what they cover."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from golden.vectors.case import OUTPUT, Case


def nothing_proven(_: list[Case]) -> list[str]:
    """Return no statement of coverage."""
    return []


@dataclass(frozen=True)
class Suite:
    """One golden file.

    `cases` lists the cases; `coverage` returns sentences about what they cover, each proven when it is made (it raises
    where it does not hold).
    """

    name: str
    title: str
    description: str
    cases: Callable[[], list[Case]]
    coverage: Callable[[list[Case]], list[str]] = nothing_proven

    def checked_cases(self) -> list[Case]:
        """Return the cases; raises ValueError where two have one name or one should have an output and has none."""
        cases = self.cases()
        repeated = [name for name, count in Counter(case.name for case in cases).items() if count > 1]
        if repeated:
            raise ValueError(f"{self.name}: more than one case is named {', '.join(repeated)}")
        for case in cases:
            if case.expect == OUTPUT:
                _ = case.geometry.output
        return cases
