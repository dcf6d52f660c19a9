"""The list of the networks' layers at their true sizes."""

from pathlib import Path

from golden.suites import network_problems, networks

LIST = Path(__file__).parents[4] / "Scripts/engines/problems/networks.csv"


def test_the_list_is_what_the_layers_are() -> None:
    """How it is written anew stands in the module's first lines."""
    assert LIST.read_text() == network_problems.listed()


def test_no_layer_is_reduced_and_none_is_lost() -> None:
    """There are at least as many as in the suite, whose reduced layers may have become alike, and names differ."""
    problems = network_problems.problems()
    assert len(problems) >= len(networks.cases())
    assert len(set(problems.values())) == len(problems)
    work = {name: networks.work(geometry) for geometry, name in problems.items()}
    assert max(work.values()) > 20 * networks.MOST_PRODUCTS
    vgg = [name for name in work if name.startswith("vgg-16")]
    assert sum(work[name] for name in vgg) > 10**10
