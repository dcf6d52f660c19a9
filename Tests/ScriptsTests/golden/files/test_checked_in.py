"""What is checked in is what the script makes."""

from pathlib import Path

from golden.files import compare
from golden.suites import ALL
from golden_setup import ROOT


def test_the_files_checked_in_are_what_the_script_makes(generated: Path) -> None:
    found = []
    for suite in ALL:
        found += compare.differences(ROOT / "Golden" / f"{suite.name}.h5", generated / f"{suite.name}.h5")
    assert not found
    assert (ROOT / "Golden" / "README.md").read_text() == (generated / "README.md").read_text()


def test_the_sizes_leave_room_in_a_checkout(generated: Path) -> None:
    assert sum(file.stat().st_size for file in generated.iterdir()) < 39e6
