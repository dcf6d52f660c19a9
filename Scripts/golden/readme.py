"""`Golden/README.md`."""

NAME = "README.md"


def text() -> str:
    """Return the page."""
    return "# Golden vectors\n"
