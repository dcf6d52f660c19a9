"""A progress bar, on a terminal only."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[str], None]


@contextmanager
def progress(total: int) -> Iterator[Advance]:
    """Give a function to call after each of `total` cases, with the case's id; silent without a terminal or tqdm."""
    try:
        from tqdm import tqdm
    except ImportError:
        tqdm = None
    if tqdm is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    with tqdm(total=total, unit="case", leave=False) as bar:

        def advance(identifier: str) -> None:
            bar.set_postfix_str(identifier.partition("/")[0], refresh=False)
            bar.update()

        yield advance
