"""How many cases of a suite there are of each operation, and of each kind that a tag tells."""

from golden.problem.kinds import OPERATIONS
from golden.vectors.case import Case

KINDS = (
    "published",
    "regression",
    "numerics",
    "tail",
    "special",
    "choice",
    "degenerate",
    "invalid",
    "per-filter",
    "ties",
    "rounded-twice",
)


def counted(cases: list[Case]) -> list[str]:
    """Return how many cases there are of each operation, and with each tag of a kind; digest cases are one more."""
    operations = {name: sum(case.kind.operation == name for case in cases) for name in OPERATIONS}
    tags = {tag: sum(tag in case.all_tags for case in cases) for tag in KINDS} | {
        "digest": sum(case.is_digest for case in cases)
    }
    told = [f"{name} {count}" for name, count in operations.items() if count]
    found = [f"{tag} {count}" for tag, count in tags.items() if count]
    return [f"By operation: {', '.join(told)}.", f"By what they are: {', '.join(found)}."]
