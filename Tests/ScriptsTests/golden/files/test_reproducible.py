"""The same script makes the same files: in bytes from run to run, in content across library versions."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import golden_sample
import h5py
import numpy as np
import pytest
from golden.suites import ALL
from golden_setup import rows

FILES = sorted([*(f"{suite.name}.h5" for suite in ALL), "README.md", "SHA256SUMS"])


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample of all suites, made by the Python that runs these tests, in one process."""
    folder = tmp_path_factory.mktemp("sampled")
    golden_sample.write_sample(ALL, folder, processes=1)
    return folder


def test_two_runs_are_identical_byte_for_byte(sampled: Path, tmp_path: Path) -> None:
    """However many processes make the cases, and in whatever order this Python keeps what has none.

    That the others have the same content, if not the same bytes, is shown below: another run made `generated`.
    """
    names = ["grid", "interactions", "special", "float64", "quantized", "leaderboards"]  # of every kind of dataset
    subprocess.run([sys.executable, golden_sample.__file__, tmp_path, *names], check=True)
    assert sorted(file.stem for file in tmp_path.glob("*.h5")) == sorted(names)
    for name in names:
        assert (sampled / f"{name}.h5").read_bytes() == (tmp_path / f"{name}.h5").read_bytes(), name


@pytest.mark.parametrize("name", [suite.name for suite in ALL])
def test_this_python_makes_the_content_that_a_current_one_makes(sampled: Path, generated: Path, name: str) -> None:
    with h5py.File(sampled / f"{name}.h5") as here, h5py.File(generated / f"{name}.h5") as there:
        assert dict(here.attrs) == dict(there.attrs)
        wanted = rows(there)
        for case, row in rows(here).items():
            assert row.keys() == wanted[case].keys(), case
            assert all(np.array_equal(row[member], wanted[case][member]) for member in row), case
            assert sorted(here["cases"][case]) == sorted(there["cases"][case])
            for dataset, values in here["cases"][case].items():
                other = there["cases"][case][dataset]
                assert (values.dtype, values.shape) == (other.dtype, other.shape)
                assert values[...].tobytes() == other[...].tobytes(), (case, dataset)


def test_this_python_makes_the_page_that_a_current_one_makes(generated: Path, page: str) -> None:
    assert (generated / "README.md").read_text() == page


def test_the_sample_has_every_kind_of_case() -> None:
    for suite in ALL:
        cases, sampled = suite.cases(), golden_sample.chosen(suite)
        assert {golden_sample.kind(case) for case in sampled} == {golden_sample.kind(case) for case in cases}
        assert len(sampled) >= len(cases) / golden_sample.STEP / 2


def test_the_folder_holds_the_suites_their_digests_and_the_page(generated: Path) -> None:
    assert sorted(file.name for file in generated.iterdir()) == FILES
    lines = (generated / "SHA256SUMS").read_text().splitlines()
    assert lines == [
        f"{sha256((generated / name).read_bytes()).hexdigest()}  {name}" for name in FILES if name.endswith(".h5")
    ]
