"""Work on numbered shards, spread over a Ray cluster: a row of a Ray Data set is a number, and only numbers come back.

What is known to go wrong, and what is done about it:

- Actors on all CPUs leave none to read the rows, and the job waits for ever (ray-project/ray#44687): one CPU is kept.
- Rows come back in any order and in batches of any size (ray#50890, ray#51419): each row carries its number.
- With errors allowed, a dead actor can stop the job for ever (ray#62746): none are allowed, and Ray begins a dead actor's
  shard again in another one.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mpsr import errors
from mpsr.errors import InputError, MPSRError

#: Bytes of Ray's object store where it is started here. Numbers are all that passes through it.
OBJECT_STORE = 200_000_000

#: What an actor is told of this process's environment: where models are kept, and what runs them.
TOLD = ("MPSR_CACHE", "MPSR_WEIGHTS", "MPSR_RUNTIME")

RESUME = "Run the same command to resume; finished shards are kept."

#: Gives a worker: number of a shard → how many items it has encoded, 0 where the shard was there.
Opening = Callable[[], Callable[[int], int]]


@dataclass(frozen=True)
class RayCluster:
    """Where shards are encoded.

    Attributes:
        address: of a cluster, ``ray://HOST:10001`` or ``auto``; None starts Ray on this machine.
        cpus: of an actor.
    """

    address: str | None = None
    cpus: int = 1


class _Actor:
    """Opens its worker with the first number, then takes one after the other.

    What goes wrong comes back as a row: Ray would begin a worker that cannot be opened again and again, and turns errors
    into its own.
    """

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._work: Callable[[int], int] | None = None

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        number = int(row["shard"])
        try:
            self._work = self._work or self._opening()
            return {"shard": number, "encoded": self._work(number), "kind": "", "told": ""}
        except Exception as error:
            return {"shard": number, "encoded": 0, "kind": type(error).__name__, "told": str(error)}


def work_on_shards(
    numbers: Sequence[int], opening: Opening, cluster: RayCluster, done: Callable[[int], None]
) -> int:
    """Let a cluster's actors work on these shards; how many items they encoded.

    Args:
        numbers: of the shards.
        opening: gives an actor's worker; it travels to the actor, so it is a function of a module and its arguments.
        cluster: where.
        done: called with the number of each shard that is finished.

    Raises:
        InputError: Ray is not installed, or the cluster has a single CPU.
        MPSRError: what a worker raised, or Ray failed; shards that are finished stay.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
        from ray.data import ActorPoolStrategy, DataContext
    except ImportError as error:
        raise InputError(f"this needs the extra ray ({error}): pip install 'mpsr[ray]'") from error
    own = not ray.is_initialized()
    try:
        if own:
            _start(cluster)
        DataContext.get_current().max_errored_blocks = 0
        DataContext.get_current().enable_progress_bars = False
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        rows = ray.data.from_items(
            [{"shard": number} for number in numbers], override_num_blocks=len(numbers)
        )
        worked = rows.map(
            _Actor,
            fn_constructor_args=[opening],
            compute=ActorPoolStrategy(size=_actors(cluster, len(numbers))),
            num_cpus=cluster.cpus,
            runtime_env={"env_vars": _environment(cluster)},
        )
        encoded = 0
        for row in worked.iter_rows():
            if row["kind"]:
                raise _error(row["kind"], row["told"])
            encoded += row["encoded"]
            done(row["shard"])
        return encoded
    except ray.exceptions.RayError as error:
        told = str(error).strip().splitlines() or [type(error).__name__]
        raise MPSRError(f"Ray failed: {told[0].rstrip('.')}. {RESUME}") from error
    finally:
        if own:
            ray.shutdown()


def _start(cluster: RayCluster) -> None:
    """Connect to the cluster, or start Ray here without its dashboard."""
    import ray

    further: dict[str, Any] = {"address": cluster.address}
    if cluster.address is None:
        further = {
            "address": "local",
            "include_dashboard": False,
            "object_store_memory": OBJECT_STORE,
        }
    try:
        ray.init(log_to_driver=False, logging_level="ERROR", **further)
    except (ConnectionError, ValueError) as error:
        raise InputError(f"no Ray cluster answers at {cluster.address!r}: {error}") from error


def _actors(cluster: RayCluster, shards: int) -> int:
    """How many actors there can be with a CPU left over."""
    import ray

    cpus = int(ray.cluster_resources().get("CPU", 0))
    if cpus < cluster.cpus + 1:
        raise InputError(
            f"the Ray cluster has {cpus} CPUs; expected at least {cluster.cpus + 1}: {cluster.cpus} for an actor and one "
            "to hand out the work. Build without --engine ray."
        )
    return max(1, min(shards, (cpus - 1) // cluster.cpus))


def _environment(cluster: RayCluster) -> dict[str, str]:
    """An actor's environment: as many threads as it has CPUs, for OpenVINO and torch alike."""
    told = {name: os.environ[name] for name in TOLD if os.environ.get(name)}
    return {**told, "OMP_NUM_THREADS": str(cluster.cpus), "RAY_USAGE_STATS_ENABLED": "0"}


def _error(kind: str, told: str) -> MPSRError:
    """The error that a worker met: ours as it was, another one with what to do."""
    ours = getattr(errors, kind, None)
    if isinstance(ours, type) and issubclass(ours, MPSRError):
        return ours(told)
    return MPSRError(f"a worker failed: {kind}: {told.rstrip('.')}. {RESUME}")
