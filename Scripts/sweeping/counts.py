"""What parts of a seed's problems add up to: the counts that `convcheck fuzz --counts` writes."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field


class RefusalError(Exception):
    """Parts that are not parts of one whole."""


@dataclass
class Engine:
    """What one engine made of all problems so far."""

    name: str
    version: str
    all_pairs: int
    counts: Counter[str] = field(default_factory=Counter)
    pairs: set[int] = field(default_factory=set)
    failing: set[int] = field(default_factory=set)


@dataclass
class Counts:
    """The sum of the parts."""

    seed: int
    options: list[str] | None = None
    engines: list[Engine] = field(default_factory=list)
    # The parts, as (first, count).
    parts: set[tuple[int, int]] = field(default_factory=set)

    def add(self, text: bytes, first: int, count: int) -> None:
        """Add the problems from `first` on, once."""
        part = json.loads(text)
        if (part["format"], part["version"]) != ("convcheck-fuzz", 1):
            raise RefusalError(f"counts of format {part['format']} {part['version']}, expected convcheck-fuzz 1")
        if (part["seed"], part["first"]) != (self.seed, first):
            raise RefusalError(
                f"counts of seed {part['seed']} from {part['first']} on, expected {self.seed} and {first}"
            )
        overlapping = [one for one in self.parts if first < one[0] + one[1] and one[0] < first + count]
        if overlapping:
            raise RefusalError(f"the problems {first} to {first + count - 1} overlap those from {overlapping[0][0]} on")
        if self.options is None:
            self.options = part["options"]
            self.engines = [Engine(one["name"], one["version"], one["all_pairs"]) for one in part["engines"]]
        if part["options"] != self.options:
            raise RefusalError(f"the options differ: {part['options']}, {self.options}")
        mine = [(one.name, one.version, one.all_pairs) for one in self.engines]
        theirs = [(one["name"], one["version"], one["all_pairs"]) for one in part["engines"]]
        if mine != theirs:
            raise RefusalError(f"the engines differ: {theirs}, {mine}")
        for one in part["engines"]:
            if sum(one["counts"].values()) != count:
                raise RefusalError(f"{sum(one['counts'].values())} problems from {first} on, expected {count}")
            if any(not first <= number < first + count for number in one["failing"]):
                raise RefusalError(f"a failing problem is none of {first} to {first + count - 1}")
        self.parts.add((first, count))
        for engine, one in zip(self.engines, part["engines"], strict=True):
            engine.counts.update(one["counts"])
            engine.pairs.update(one["pairs"])
            engine.failing.update(one["failing"])

    @property
    def problems(self) -> int:
        """How many problems there were."""
        return sum(count for _, count in self.parts)

    def sentences(self) -> list[str]:
        """Say of each engine what `convcheck fuzz` says of one run."""
        said = []
        for engine in self.engines:
            statuses = ", ".join(f"{number:,} {status}" for status, number in sorted(engine.counts.items()))
            share = 100 * len(engine.pairs) / engine.all_pairs
            said.append(
                f"{engine.name}, seed {self.seed}: {self.problems:,} problems: {statuses}; "
                f"{share:.1f} % of all pairs of features met"
            )
        return said

    def as_json(self) -> str:
        """Return the sum as `fuzz --counts` would have written it."""
        whole = {
            "format": "convcheck-fuzz",
            "version": 1,
            "seed": self.seed,
            "first": min((first for first, _ in self.parts), default=0),
            "options": self.options or [],
            "engines": [
                {
                    "name": one.name,
                    "version": one.version,
                    "counts": dict(one.counts),
                    "pairs": sorted(one.pairs),
                    "all_pairs": one.all_pairs,
                    "failing": sorted(one.failing),
                }
                for one in self.engines
            ],
        }
        return json.dumps(whole, sort_keys=True, separators=(",", ":")) + "\n"
