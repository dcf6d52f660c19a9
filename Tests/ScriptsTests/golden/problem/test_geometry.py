"""Output shapes and pads."""

from itertools import product

import pytest
from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, Geometry, GeometryError, same_pads


def test_same_pads_are_the_fewest_that_give_ceil_of_size_over_stride() -> None:
    for size, kernel, stride, dilation in product(range(1, 12), range(1, 6), range(1, 5), range(1, 4)):
        extent = (kernel - 1) * dilation + 1
        windows = -(-size // stride)
        total = next(t for t in range(100) if (size + t - extent) >= 0 and (size + t - extent) // stride + 1 >= windows)
        begin, end = same_pads(size, kernel, stride, dilation, upper=True)
        assert begin + end == total
        assert end - begin in (0, 1)
        assert same_pads(size, kernel, stride, dilation, upper=False) == (end, begin)
        assert (size + total - extent) // stride + 1 == windows or total == 0


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "pads"),
    [(5, 3, 1, (1, 1)), (4, 3, 2, (0, 1)), (4, 1, 2, (0, 0)), (1, 3, 2, (1, 1)), (2, 3, 2, (0, 1)), (7, 4, 1, (1, 2))],
)
def test_same_pads_are_tensorflows(size: int, kernel: int, stride: int, pads: tuple[int, int]) -> None:
    assert same_pads(size, kernel, stride, 1, upper=True) == pads


def test_pads_are_top_bottom_left_right() -> None:
    geometry = Geometry((1, 6, 7, 1), (4, 3, 1, 1), strides=(1, 2), padding=SAME_UPPER)
    assert geometry.pads == (1, 2, 1, 1)
    assert Geometry((1, 6, 7, 1), (4, 3, 1, 1), padding=SAME_LOWER).pads == (2, 1, 1, 1)
    explicit = Geometry((1, 6, 7, 1), (2, 3, 1, 1), padding=EXPLICIT, explicit_pads=(0, 1, 2, 3))
    assert explicit.pads == (0, 1, 2, 3)
    assert explicit.output == (1, 6, 10, 1)


def test_a_filter_that_does_not_fit_is_refused() -> None:
    with pytest.raises(GeometryError, match="does not fit"):
        _ = Geometry((1, 4, 9, 1), (3, 1, 1, 1), dilations=(2, 1)).output


@pytest.mark.parametrize(("channels", "filters", "groups"), [(6, 4, 4), (6, 4, 3), (6, 4, 0)])
def test_groups_that_do_not_divide_are_refused(channels: int, filters: int, groups: int) -> None:
    with pytest.raises(GeometryError, match="groups"):
        _ = Geometry((1, 4, 5, channels), (1, 1, channels // max(groups, 1), filters), groups=groups).output


@pytest.mark.parametrize("padding", [SAME_UPPER, SAME_LOWER])
def test_same_padding_of_nothing_gives_nothing(padding: str) -> None:
    assert Geometry((2, 0, 5, 3), (3, 2, 3, 4), (1, 2), padding=padding).output == (2, 0, 3, 4)
    assert Geometry((2, 4, 0, 3), (3, 6, 3, 4), (3, 2), padding=padding).output == (2, 2, 0, 4)
    with pytest.raises(GeometryError, match="does not fit"):
        _ = Geometry((2, 0, 5, 3), (3, 2, 3, 4)).output
    explicit = Geometry((2, 0, 5, 3), (3, 2, 3, 4), padding=EXPLICIT, explicit_pads=(2, 2, 0, 0))
    assert explicit.output == (2, 2, 4, 4)


def test_negative_pads_crop() -> None:
    geometry = Geometry((1, 6, 7, 1), (2, 3, 1, 1), padding=EXPLICIT, explicit_pads=(-1, -2, 3, -4))
    assert geometry.output == (1, 2, 4, 1)
    with pytest.raises(GeometryError, match="does not fit"):
        _ = Geometry((1, 6, 7, 1), (2, 3, 1, 1), padding=EXPLICIT, explicit_pads=(-3, -2, 0, 0)).output
