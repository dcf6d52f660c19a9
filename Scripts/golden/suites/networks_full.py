"""Suite `networks-full`: the layers that the suite `networks` reduces or lacks, as they are."""

from golden.problem.geometry import Geometry
from golden.suites import network_problems, networks
from golden.suites.listed import counted, sampled_cases
from golden.suites.network_layer import Network
from golden.suites.suite import Suite
from golden.vectors.case import Case


def layers() -> dict[Geometry, list[Network]]:
    """Return the layers that are not whole in `networks`, each with the networks that have it."""
    whole = {case.geometry for case in networks.cases() if "reduced" not in case.tags}
    found: dict[Geometry, list[Network]] = {}
    for layer in network_problems.layers():
        geometry = layer.geometry(layer.image)
        if geometry not in whole and layer.network not in found.setdefault(geometry, []):
            found[geometry].append(layer.network)
    return found


def cases() -> list[Case]:
    """List the layers, named as in the list of problems `networks.csv`."""
    names = network_problems.problems()
    return [
        case
        for geometry, of in layers().items()
        for case in sampled_cases(
            names[geometry],
            geometry,
            "Catches a fault that shows at the true size of a layer only: "
            f"{', '.join(network.title for network in of)}.",
            ("network", *(network.tag for network in of)),
            "; ".join(network.source for network in of),
        )
    ]


def coverage(cases: list[Case]) -> list[str]:
    """Prove that with those of `networks`, all layers are there at their true sizes."""
    whole = {case.geometry for case in networks.cases() if "reduced" not in case.tags}
    if missing := network_problems.problems().keys() - whole - {case.geometry for case in cases}:
        raise ValueError(f"networks-full: {len(missing)} layers are missing")
    return ["With the layers of `networks` that are not reduced: every layer at its true size.", *counted(cases)]


SUITE = Suite(
    name="networks-full",
    title="Layers of well-known networks at true size",
    description=(
        "The layers that the suite `networks` reduces, with height and width as they are; those of ConvNeXt-T and of "
        "latent diffusion, which it does not have; and a few in batches of 32. Answers are judged by projections, "
        "those of depthwise convolutions and of few filters whole."
    ),
    cases=cases,
    coverage=coverage,
)
