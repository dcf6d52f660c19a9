"""Several processes make what one makes, in the same order, and say what went wrong."""

import pytest
from golden.suites import examples, grid, networks
from golden.vectors import workers
from golden.vectors.build import CaseError
from golden.vectors.case import Case
from golden.vectors.checksum import checksum
from golden.vectors.workers import Listed, parts, vectors

LISTED = [("grid", case) for case in grid.cases()[:80]]


def digests(listed: Listed, processes: int) -> list[tuple[str, str]]:
    with vectors(listed, processes) as made:
        return [(vector.name, checksum(vector.members, vector.datasets)) for vector in made]


def test_processes_change_nothing() -> None:
    alone = digests(LISTED, 1)
    assert [name for name, _ in alone] == [case.name for _, case in LISTED]
    assert digests(LISTED, 3) == alone


def test_parts_are_all_places_in_order_and_large_cases_are_alone() -> None:
    small, large = [("examples", case) for case in examples.cases()], [("networks", case) for case in networks.cases()]
    for listed in ([], small, large, [*small, *large[:3], *LISTED, large[3]]):
        work = parts(listed)
        assert [place for part in work for place in part] == list(range(len(listed)))
        for part in work:
            assert 0 < len(part) <= workers.TOGETHER
            assert len(part) == 1 or not any(listed[place][1].is_digest for place in part)


def test_a_case_that_cannot_be_made_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = workers.build

    def refuse(suite: str, case: Case) -> object:
        if case.name == LISTED[50][1].name:
            raise CaseError(f"{suite}/{case.name}: degenerate")
        return honest(suite, case)

    monkeypatch.setattr(workers, "build", refuse)
    with pytest.raises(CaseError, match=f"grid/{LISTED[50][1].name}: degenerate"):
        digests(LISTED, 2)
