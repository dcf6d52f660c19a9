"""Special values in gradients of any floating type.

No case depends on what the specification leaves open: of a gradient's inserted zeros, only weights that are not finite
show anything, and where there are some, both answers are stored. An input is not finite only where no pad and no
stride could bring an inserted zero to it.
"""

from math import inf, nan

from golden.answers.alternatives import (
    PADDING_TIMES_INFINITY,
)
from golden.problem.geometry import SAME_UPPER, Geometry
from golden.problem.kinds import (
    BIAS,
    BIAS_GRADIENT,
    FILTER,
    FILTER_GRADIENT,
    FLOAT64,
    INPUT,
    INPUT_GRADIENT,
    OUTPUT,
)
from golden.suites.operand_special import OperandSpecial, boundary
from golden.suites.operand_special_forward import forward
from golden.vectors.case import Case


def gradients() -> list[OperandSpecial]:
    """List what gradients meet."""
    plain = Geometry((2, 6, 7, 3), (2, 3, 3, 5))
    strided = Geometry((1, 7, 9, 2), (2, 3, 2, 4), (2, 2), padding=SAME_UPPER, bias=True)
    grouped = Geometry((1, 5, 6, 4), (3, 2, 2, 6), groups=2)
    whole = Geometry((2, 5, 6, 3), (2, 3, 3, 4))
    of_input, of_filter = ("nan", "infinity"), "Catches {} that leaves its filter and tap, or is lost: {}."
    leaves = "Catches {} that leaves the windows in which it lies, or is lost: {}."
    return [
        OperandSpecial(
            "nan-in-gradient",
            INPUT_GRADIENT,
            plain,
            leaves.format("a NaN", "in the first place of the output's gradient"),
            ("nan",),
            {OUTPUT: {(0, 0, 0, 0): nan}},
        ),
        OperandSpecial(
            "nan-in-gradient",
            INPUT_GRADIENT,
            strided,
            leaves.format("a NaN", "with a stride, in the last of 4 filters"),
            ("nan",),
            {OUTPUT: {(0, 2, 3, -1): nan}},
        ),
        OperandSpecial(
            "nan-in-group",
            INPUT_GRADIENT,
            grouped,
            "Catches a NaN that leaves its group.",
            ("nan",),
            {OUTPUT: {(0, 1, 2, 4): nan}},
        ),
        OperandSpecial(
            "inf-in-gradient",
            INPUT_GRADIENT,
            strided,
            leaves.format("an infinity", "with a stride and a bias"),
            ("infinity",),
            {OUTPUT: {(0, 1, 2, 2): -inf}},
        ),
        OperandSpecial(
            "inf-minus-inf",
            INPUT_GRADIENT,
            plain,
            "Catches infinities of both signs that cancel to a number, where two windows overlap.",
            of_input,
            {OUTPUT: {(1, 2, 2, 1): inf, (1, 2, 3, 3): -inf}},
        ),
        OperandSpecial(
            "inf-times-zero",
            INPUT_GRADIENT,
            plain,
            "Catches weights of zero that are skipped: zero times infinity is NaN.",
            of_input,
            {OUTPUT: {(0, 2, 2, 4): inf}, FILTER: {(1, 1, 2, 4): 0.0}},
        ),
        OperandSpecial(
            "inf-in-bias",
            INPUT_GRADIENT,
            strided,
            "Catches a bias that is not added where it is infinite, one to each channel.",
            ("infinity",),
            {BIAS: {(1,): inf}},
        ),
        OperandSpecial(
            "inf-weight",
            INPUT_GRADIENT,
            whole,
            "Either what lies around the output's gradient contributes nothing, or it is a zero that an infinite "
            "weight makes NaN; catches anything else.",
            ("infinity", "padding-times-infinity"),
            {FILTER: {(0, 2, 1, 3): inf}},
            alternative=PADDING_TIMES_INFINITY,
        ),
        OperandSpecial(
            "nan-in-gradient",
            FILTER_GRADIENT,
            whole,
            of_filter.format("a NaN", "in the last filter of the output's gradient"),
            ("nan",),
            {OUTPUT: {(1, 3, 3, -1): nan}},
        ),
        OperandSpecial(
            "nan-in-input",
            FILTER_GRADIENT,
            whole,
            of_filter.format("a NaN", "at the input's corner, which one tap alone sees"),
            ("nan",),
            {INPUT: {(0, 0, 0, 1): nan}},
        ),
        OperandSpecial(
            "inf-in-last-image",
            FILTER_GRADIENT,
            whole,
            of_filter.format("an infinity", "in the last image of the batch"),
            ("infinity",),
            {OUTPUT: {(-1, -1, -1, 0): -inf}},
        ),
        OperandSpecial(
            "inf-minus-inf",
            FILTER_GRADIENT,
            grouped,
            "Catches infinities of both signs that cancel to a number, in two places of one image.",
            of_input,
            {OUTPUT: {(0, 0, 1, 5): inf, (0, 2, 3, 5): -inf}},
        ),
        OperandSpecial(
            "nan-in-gradient",
            BIAS_GRADIENT,
            plain,
            "Catches a NaN that is lost, or leaves its filter.",
            ("nan",),
            {OUTPUT: {(1, 4, 4, 2): nan}},
        ),
        OperandSpecial(
            "inf-in-gradient",
            BIAS_GRADIENT,
            plain,
            "Catches an infinity that is lost, becomes NaN or leaves its filter, and two that cancel.",
            of_input,
            {OUTPUT: {(0, 0, 0, 0): inf, (1, 2, 2, 3): inf, (0, 2, 2, 3): -inf}},
        ),
    ]


def special_cases(of_all: str, operations: str = "all") -> list[Case]:
    """List the cases of a floating type; of the gradients alone in float32, whose forward ones are another suite."""
    problems = [*gradients()] if operations == "gradients" else [*forward(of_all), *gradients()]
    if of_all != FLOAT64:  # whose exact sums there no float64 can tell
        problems.append(boundary(of_all, INPUT_GRADIENT))
    return [problem.case(of_all) for problem in problems]
