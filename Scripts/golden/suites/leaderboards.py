"""Suite `leaderboards`: the problems on which gpu-mode and KernelBench judge kernels, as they publish them."""

import csv
from pathlib import Path

from golden.problem.geometry import EXPLICIT, VALID, Geometry
from golden.problem.kinds import FLOAT32, INPUT_GRADIENT, PLAIN, Kind
from golden.suites.listed import counted, sampled_cases
from golden.suites.suite import Suite
from golden.vectors.case import Case

LISTS = Path(__file__).parents[2] / "engines/problems"
BOARDS = {
    "gpu-mode": ("gpu-mode's conv2d", "gpu-mode/reference-kernels, problems/pmpp_v2/conv2d_py"),
    "kernelbench": ("KernelBench, level 1", "Ouyang et al.: KernelBench, 2025"),
}


def cases() -> list[Case]:
    """List the problems of both lists."""
    return [case for board in BOARDS for row in rows(board) for case in cases_of(board, row)]


def rows(board: str) -> list[dict[str, str]]:
    """Return the lines of a board's list of problems, by column."""
    lines = (LISTS / f"{board}.csv").read_text().splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def cases_of(board: str, row: dict[str, str]) -> list[Case]:
    """Return the cases of one problem."""
    title, source = BOARDS[board]
    is_transposed = row["operation"] == INPUT_GRADIENT
    kind = Kind.floating(INPUT_GRADIENT, FLOAT32) if is_transposed else PLAIN
    note = f"Catches what a kernel does wrong at the size that {title} judges it by: {row['name']}."
    tags = ("leaderboard", board, *(("transposed",) if is_transposed else ()))
    return sampled_cases(f"{board}-{row['name']}", geometry_of(row), note, tags, source, kind)


def geometry_of(row: dict[str, str]) -> Geometry:
    """Return the problem of a line."""

    def numbers(*columns: str) -> tuple[int, ...]:
        return tuple(int(row[column]) for column in columns)

    groups, channels = numbers("groups", "channels")
    pads = numbers("pad_top", "pad_bottom", "pad_left", "pad_right")
    return Geometry(
        (*numbers("batch", "height", "width"), channels),
        (*numbers("kernel_height", "kernel_width"), channels // groups, int(row["filters"])),
        numbers("stride_height", "stride_width"),
        numbers("dilation_height", "dilation_width"),
        EXPLICIT if any(pads) else VALID,
        pads,
        groups,
        row["bias"] == "true",
    )


def coverage(cases: list[Case]) -> list[str]:
    """Say how many problems each board has."""
    of_board = ", ".join(f"{BOARDS[board][0]} {sum(board in case.tags for case in cases) // 2}" for board in BOARDS)
    return [f"Problems: {of_board}, each with integer and with real data.", *counted(cases)]


SUITE = Suite(
    name="leaderboards",
    title="Problems of leaderboards at true size",
    description=(
        "The 2-D convolutions, transposed ones among them, by which gpu-mode and KernelBench judge kernels, none made "
        "smaller. Answers are judged by projections, those of depthwise convolutions whole."
    ),
    cases=cases,
    coverage=coverage,
)
