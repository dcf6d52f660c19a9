"""The same script makes the same files: in bytes from run to run, in content across library versions."""

from hashlib import sha256

from golden.files.compare import differences
from golden.suites import ALL
from golden_setup import Generated

FILES = sorted([*(f"{suite.name}.h5" for suite in ALL), "README.md", "SHA256SUMS"])


def test_two_runs_are_identical_byte_for_byte(generated: Generated) -> None:
    for folder in (generated.debian, generated.again, generated.modern):
        assert sorted(file.name for file in folder.iterdir()) == FILES
    for name in FILES:
        assert (generated.debian / name).read_bytes() == (generated.again / name).read_bytes(), name


def test_debians_numpy_and_h5py_and_current_ones_make_the_same_content(generated: Generated) -> None:
    found = [
        line for s in ALL for line in differences(generated.modern / f"{s.name}.h5", generated.debian / f"{s.name}.h5")
    ]
    assert not found
    assert (generated.debian / "README.md").read_text() == (generated.modern / "README.md").read_text()


def test_sha256sums_has_every_file(generated: Generated) -> None:
    lines = (generated.modern / "SHA256SUMS").read_text().splitlines()
    assert lines == [
        f"{sha256((generated.modern / name).read_bytes()).hexdigest()}  {name}"
        for name in FILES
        if name.endswith(".h5")
    ]
