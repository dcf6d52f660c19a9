"""All of these tests once more, under Debian's Python with its older numpy and h5py."""


def test_everything_passes_under_debians_python(under_debian: tuple[int, str]) -> None:
    status, output = under_debian
    assert status == 0, output[-5000:]
    assert " passed" in output.splitlines()[-1]
