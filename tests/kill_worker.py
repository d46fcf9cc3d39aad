"""Builds one store again and again and is killed at random moments; run by ``test_pipeline.py``.

The process imports everything once and forks a child for each try, so that twenty kills take seconds.
Arguments: catalogue, profile (JSON), store, number of kills, seed. Prints one JSON line.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import mpsr.encoders.image
import mpsr.encoders.networks
import mpsr.encoders.openvino_runner
import mpsr.encoders.text  # noqa: F401 - imported here so that the children need not
from mpsr.encoders.profiles import ImageModel, Origin, Profile, TextModel
from mpsr.pipeline import build
from mpsr.stages import image, text
from mpsr.stages.embeddings import Batching
from mpsr.stages.settings import Settings
from mpsr.store import Store


def profile_from(document: dict) -> Profile:
    def model(kind: type, values: dict) -> object:
        origins = tuple(
            Origin(**origin | {"files": tuple(origin["files"])}) for origin in values.pop("origins")
        )
        return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}, origins=origins)

    return Profile(document["name"], model(TextModel, document["text"]), model(ImageModel, document["image"]))


def child(work: Callable[[], object]) -> int:
    """Do some work in a forked process; its id."""
    pid = os.fork()
    if pid == 0:
        import torch

        torch.set_num_threads(1)
        try:
            work()
        except BaseException as error:  # report in the exit code; the parent prints
            print(repr(error), file=sys.stderr)
            os._exit(3)
        os._exit(0)
    return pid


def main() -> None:
    source, profile, store = Path(sys.argv[1]), profile_from(json.loads(sys.argv[2])), Path(sys.argv[3])
    kills, chance = int(sys.argv[4]), random.Random(int(sys.argv[5]))
    text.BATCHING, image.BATCHING = Batching(shard=3, batch=1), Batching(shard=2, batch=1, workers=2)
    failed = 0
    for name in ("whole", "timed"):  # the first also compiles the models, which the others find compiled
        began = time.perf_counter()
        failed |= os.waitstatus_to_exitcode(
            os.waitpid(child(partial(build, source, Store(store.with_name(name)), Settings(profile))), 0)[1]
        )
        whole = time.perf_counter() - began
    killed = tries = 0
    while killed < kills and tries < 4 * kills:
        tries += 1
        pid = child(partial(build, source, Store(store), Settings(profile)))
        time.sleep(chance.uniform(0, whole))
        os.kill(pid, signal.SIGKILL)
        if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL:
            killed += 1
        else:  # it was through before the signal: begin anew
            shutil.rmtree(store)
    pid = child(partial(build, source, Store(store), Settings(profile)))
    failed |= os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    print(json.dumps({"killed": killed, "failed": failed}))


if __name__ == "__main__":
    main()
