"""Extends the table of the suite `scales` until everything that can meet does meet.

    PYTHONPATH=Scripts python3 -m golden.suites.scales_search             adds the rows that are missing
    PYTHONPATH=Scripts python3 -m golden.suites.scales_search --anew      finds all of them again

Rows that the table has already are kept, so that no case goes where a level is added. New rows are found greedily: from
a combination that is missing, one factor after the other takes the value that covers most for its cost. Some thousand
rows take minutes, which is why the table is kept and only proven anew when the golden files are made.
"""

import sys
from dataclasses import dataclass, field
from random import Random

import numpy as np
from numpy.typing import NDArray

from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, VALID, Geometry
from golden.suites.scales_levels import (
    BLOCKS,
    COLUMNS,
    EXTENTS,
    SIZES,
    STEPS,
    TARGETS,
    Column,
    indices,
    seen,
)
from golden.suites.scales_possible import is_possible, is_sound
from golden.suites.scales_table import cost, read, write

CAUSAL = "CAUSAL"
STARTS = 8  # rows tried at once
TRIES = 3000  # of a row that has a missing combination
KEPT = 0.85  # of the best row's score, for which a further one is taken
UNIT = 2_000_000  # a row that costs this much has to cover twice as many
MOST = 12_000_000  # what a row may cost
SIDES = ("top", "bottom", "left", "right")
PADS_OF = {
    "four unequal pads": (0, 1, 2, 3, 4, 5),
    "pads beyond the kernel": (0, 1, 2, 3, 4, 5, 8, 9, 16),
}
Draft = dict[str, object]
FACTORS: dict[str, tuple] = {
    "padding": (VALID, SAME_UPPER, SAME_LOWER, EXPLICIT, CAUSAL),
    "bias": (False, True),
    "slack down": STEPS,
    "slack across": STEPS,
    **SIZES,
}


def geometry_of(draft: Draft) -> Geometry | None:
    """Return the geometry of a draft, or None where there is none that is sound and cheap."""
    padding, groups = draft["padding"], draft["groups"]
    down, across = (axis_of(draft, axis) for axis in (0, 1))
    if down is None or across is None or down[0] == across[0] > 1:
        return None
    depth, filters = draft["channels of a group"], draft["filters of a group"] * groups
    geometry = Geometry(
        (draft["batch"], down[0], across[0], depth * groups),
        (draft["kernel height"], draft["kernel width"], depth, filters),
        (draft["stride down"], draft["stride across"]),
        (draft["dilation down"], draft["dilation across"]),
        EXPLICIT if padding == CAUSAL else padding,
        (*down[1:], *across[1:]) if padding in (EXPLICIT, CAUSAL) else (0, 0, 0, 0),
        groups,
        draft["bias"],
    )
    if geometry.padding == EXPLICIT and not any(geometry.explicit_pads):
        return None
    if geometry.products >= 2**16 or cost(geometry) > MOST:
        return None
    return geometry


def axis_of(draft: Draft, axis: int) -> tuple[int, int, int] | None:
    """Return the image's extent along an axis with the pads before and behind, or None where it is not sound."""
    way = ("down", "across")[axis]
    out = draft[("output rows", "output columns")[axis]]
    k = draft[("kernel height", "kernel width")[axis]]
    s, d, slack = draft[f"stride {way}"], draft[f"dilation {way}"], draft[f"slack {way}"]
    padding = draft["padding"]
    slack = min(slack, s) - 1
    if padding in (SAME_UPPER, SAME_LOWER) or (padding == CAUSAL and axis == 1):
        extent = (out - 1) * s + 1 + slack
        fits = (k > 1 or d == 1) and (k == 1 or extent >= d)
        before = (k - 1) * d if padding == CAUSAL else 0
        return (extent, before, 0) if fits and (padding != CAUSAL or before) else None
    if padding == CAUSAL:
        return (1, 0, 0) if out == k == d == 1 else None
    before, after = (draft[f"pad at the {side}"] for side in (("top", "bottom"), ("left", "right"))[axis])
    if padding == VALID:
        before = after = 0
    least = (out - 1) * s + (k - 1) * d + 1 - max(before, 0) - max(after, 0) + slack
    extent = least - min(before, 0) - min(after, 0)
    if least < 1 or (extent == 1 and out > 1) or not sound(least, out, k, s, d, before, after):
        return None
    return (extent, before, after)


MEMO: dict[tuple[int, ...], bool] = {}


def sound(*axis: int) -> bool:
    """Return `is_sound` of numbers, remembered."""
    if axis not in MEMO:
        MEMO[axis] = bool(is_sound(*map(np.int64, axis)))
    return MEMO[axis]


@dataclass
class Missing:
    """Which combinations are possible and have not occurred, in one array; a combination is its index there."""

    columns: NDArray[np.int64]
    steps: NDArray[np.int64]
    first: NDArray[np.int64]
    wanted: NDArray[np.bool_]
    targets: list[tuple[int, ...]] = field(default_factory=list)

    @staticmethod
    def of(rows: NDArray[np.int64]) -> "Missing":
        """Return what is missing from rows."""
        targets = [target for listed in TARGETS.values() for target in listed]
        columns, steps, first, tables = [], [], [], []
        size = 0
        for target in targets:
            shape = [len(COLUMNS[column].values) + 1 for column in target]
            table = np.zeros(shape, bool)
            of_target = missing_of(rows, target)
            table[tuple(slice(0, -1) for _ in target)] = of_target
            padded = (*target, *[target[0]] * (3 - len(target)))
            strides = [int(np.prod(shape[i + 1 :])) for i in range(len(shape))] + [0] * (3 - len(target))
            columns.append(padded)
            steps.append(strides)
            first.append(size)
            tables.append(table.ravel())
            size += table.size
        return Missing(np.array(columns), np.array(steps), np.array(first), np.concatenate(tables), targets)

    def where(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the indices of each row's combinations."""
        return self.first + (rows[:, self.columns] * self.steps).sum(axis=2)

    def named(self, index: int) -> dict[int, object]:
        """Return the columns and values of a combination."""
        turn = int(np.searchsorted(self.first, index, side="right")) - 1
        target = self.targets[turn]
        shape = [len(COLUMNS[column].values) + 1 for column in target]
        place = np.unravel_index(index - self.first[turn], shape)
        return {column: COLUMNS[column].values[int(i)] for column, i in zip(target, place, strict=True)}


def missing_of(rows: NDArray[np.int64], target: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which combinations of a target are possible and do not occur."""
    columns = [COLUMNS[column] for column in target]
    occur = seen(rows, target) if len(rows) else np.zeros([len(column.values) for column in columns], bool)
    found = np.zeros_like(occur)
    for place in np.argwhere(~occur):
        found[tuple(place)] = is_possible(
            {column.name: column.values[i] for column, i in zip(columns, place, strict=True)}
        )
    return found


def small(random: Random, values: tuple, least: float = 0) -> object:
    """Return one of some values, the first ones more often, and the very first with a probability of `least` more."""
    if random.random() < least:
        return values[0]
    return values[min(int(random.random() * len(values)) for _ in range(2))]


def started(random: Random, wanted: dict[int, object]) -> Draft | None:
    """Return a draft that has a combination, or None where none was found."""
    for turn in range(TRIES):
        # What is large twice over fits only with all else at its least.
        draft = {name: small(random, values, least=turn / TRIES) for name, values in FACTORS.items()}
        for column, value in sorted(wanted.items(), reverse=True):  # sizes last, which are exact
            steer(random, draft, COLUMNS[column], value)
        geometry = geometry_of(draft)
        if geometry and all(COLUMNS[column].of(geometry) == value for column, value in wanted.items()):
            return draft
    return None


def steer(random: Random, draft: Draft, column: Column, value: object) -> None:
    """Set the factors that a wanted value asks for."""
    k = ("kernel height", "kernel width")
    longer = EXTENTS[1:]
    if column.name in SIZES:
        draft[column.name] = value
        if column.name.startswith("pad"):
            draft["padding"] = EXPLICIT
    elif isinstance(value, range):
        name = column.name.removesuffix(", roughly")
        draft[name] = small(random, tuple(level for level in SIZES[name] if level in value))
    elif column.name == "bias":
        draft["bias"] = value == "bias"
    elif value == "dense":
        draft["groups"] = 1
    elif column.name in ("grouping", "multiplier"):
        draft["groups"] = small(random, SIZES["groups"][1:])
        draft["channels of a group"] = small(random, BLOCKS[1:]) if value == "grouped" else 1
        if column.name == "multiplier" and value != "grouped":
            draft["filters of a group"] = 1 if value == "depthwise" else small(random, BLOCKS[1:])
    elif column.name == "padding":
        explicit = {"causal": CAUSAL}.get(value, EXPLICIT)
        draft["padding"] = value if value in (VALID, SAME_UPPER, SAME_LOWER) else explicit
        if value == "causal":
            draft |= {"kernel height": 1, "output rows": 1, "dilation down": 1}
        if value in PADS_OF:
            pads = sorted((random.random(), pad) for pad in PADS_OF[value])[:4]
            repeated = [pad for _, pad in pads for _ in range(2)]
            chosen = repeated if value == "pads beyond the kernel" else [pad for _, pad in pads]
            draft |= {f"pad at the {side}": pad for side, pad in zip(SIDES, chosen, strict=False)}
    elif column.name == "kernel":
        same = small(random, longer)
        draft[k[0]], draft[k[1]] = {
            "1x1": (1, 1),
            "one row": (1, same),
            "one column": (same, 1),
            "3x3": (3, 3),
            "square": (same, same),
            "oblong": (same, small(random, longer)),
        }[value]
    elif column.name in ("stride", "dilation"):
        over = random_choice(random, (0, 1)) if value == "stride over one position" else None
        for axis, way in enumerate(("down", "across")):
            goes = way in value or "both" in value or axis == over
            draft[f"{column.name} {way}"] = small(random, STEPS[1:]) if goes else 1
        if over is not None:
            draft[("output rows", "output columns")[over]] = 1
    elif value == "image of one row":
        draft |= {"output rows": 1, "dilation down": 1}
    elif value == "image of one column":
        draft |= {"output columns": 1, "dilation across": 1}


def random_choice(random: Random, values: tuple) -> object:
    """Return one of some values."""
    return values[int(random.random() * len(values))]


def scored(gain: int, geometry: Geometry) -> float:
    """Return how many combinations a row covers for its cost."""
    return float(gain) / (1 + cost(geometry) / UNIT)


def climbed(random: Random, missing: Missing, draft: Draft, index: int) -> tuple[float, Draft, NDArray[np.int64]]:
    """Return the draft with the values that cover most for their cost, with its score and row; it keeps `index`."""
    best = -1.0
    row = None
    for _ in range(2):
        order = sorted(FACTORS, key=lambda _: random.random())
        before = best
        for name in order:
            drafts = [draft | {name: value} for value in FACTORS[name]]
            found = [(tried, geometry) for tried in drafts if (geometry := geometry_of(tried))]
            rows = indices([geometry for _, geometry in found])
            where = missing.where(rows)
            gains = missing.wanted[where].sum(axis=1) * (where == index).any(axis=1)
            scores = np.array([scored(gain, geometry) for gain, (_, geometry) in zip(gains, found, strict=True)])
            top = int(np.argmax(scores))
            if scores[top] > best:
                best, draft, row = float(scores[top]), found[top][0], rows[top]
        if best == before:
            break
    return best, draft, row


def extended(table: list[Geometry], seed: int = 1) -> list[Geometry]:
    """Return a table with the rows behind it that it lacks."""
    missing = Missing.of(indices(table)) if table else Missing.of(np.zeros((0, len(COLUMNS)), np.int64))
    random = Random(seed)
    rows = list(table)
    failed: list[dict[int, object]] = []
    while missing.wanted.any():
        left = np.flatnonzero(missing.wanted)
        tried = []
        for _ in range(STARTS):
            index = int(left[int(random.random() * len(left))])
            draft = started(random, missing.named(index))
            if draft is None:
                missing.wanted[index] = False
                failed.append(missing.named(index))
                print("no row has", {COLUMNS[c].name: v for c, v in failed[-1].items()}, flush=True)
                continue
            tried.append(climbed(random, missing, draft, index))
        tried.sort(key=lambda one: -one[0])
        for score, draft, row in tried:
            where = missing.where(row[None])
            geometry = geometry_of(draft)
            # The others are taken too, as long as they are nearly as good and the best has left them most.
            if scored(missing.wanted[where].sum(), geometry) < KEPT * max(score, tried[0][0]):
                continue
            rows.append(geometry)
            missing.wanted[where] = False
            if len(rows) % 25 == 0:
                print(f"{len(rows)} rows, {missing.wanted.sum()} combinations missing", flush=True)
                write(rows)
    return rows


def main(arguments: list[str]) -> None:
    """Extend the table, or make it anew where the one argument is `--anew`."""
    if arguments == ["--anew"]:
        write(extended([]))
    else:
        write(extended(read()))


if __name__ == "__main__":
    main(sys.argv[1:])
