"""The workers: processes of this machine, or a cluster that runs already."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator, Sequence

import cloudpickle
from distributed import Client, KilledWorker, LocalCluster, as_completed

from sweeping import tasks
from sweeping.tasks import LostError, Result, Task, UnreachableError, perform

# So many workers may be lost with a task before it is taken to be what ends them.
MOST_LOSSES = 3


@contextlib.contextmanager
def workers(address: str | None, count: int) -> Iterator[Client]:
    """Connect to the scheduler at an address, or start so many processes here, which end with this one."""
    cloudpickle.register_pickle_by_value(tasks)
    with contextlib.ExitStack() as stack:
        if address is None:
            # One task at a time and process; nothing listens but on this machine.
            cluster = LocalCluster(
                n_workers=count, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
            )
            stack.enter_context(cluster)
            yield stack.enter_context(Client(cluster))
        else:
            try:
                client = Client(address, timeout="5s")
            except (OSError, ValueError) as error:
                raise UnreachableError(f"no scheduler at {address}: {error}") from error
            yield stack.enter_context(client)


def results(client: Client, work: Sequence[Task]) -> Iterator[Result]:
    """Perform tasks, and give each one's result once, as they come.

    A task has one key, and the scheduler holds one state of it: where the worker that performs it or holds its result
    is lost, the scheduler gives it to another, and nobody is told of the first.
    """
    sweep = uuid.uuid4().hex[:12]
    names = {f"{sweep}-{place}": task.name for place, task in enumerate(work)}
    # What is of a program's main module is sent by value.
    perform.__module__ = "__main__"
    futures = [
        client.submit(perform, task.name, task.command, task.files, task.folder, key=key, pure=False)
        for key, task in zip(names, work, strict=True)
    ]
    open_keys = set(names)
    for future in as_completed(futures):
        # One whose result was lost meanwhile is finished twice.
        if future.key not in open_keys:
            continue
        try:
            result = Result(**future.result())
        except KilledWorker as error:
            raise LostError(f"{names[future.key]}: {MOST_LOSSES} workers or more ended as they performed it") from error
        open_keys.remove(future.key)
        future.release()
        yield result
