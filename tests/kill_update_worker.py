"""Updates one store, packs it and collects its garbage, again and again, killed at random moments; run by
``test_kill_update.py``.

Arguments: the changed catalogue, profile (JSON), a published store, number of kills, seed. The store is copied for every
try that was through before its signal. Prints one JSON line: the fingerprint of an update that was never killed, that of
the last one, and how many products answered after each kill.
"""

import gc
import json
import os
import random
import shutil
import signal
import sys
import time
from functools import partial
from pathlib import Path

from mpsr.encoders.profiles import Profile
from mpsr.pipeline import build
from mpsr.service import Service
from mpsr.stages.settings import Settings
from mpsr.store import Store
from mpsr.store.gc import collect
from tests.kill_worker import child, profile_from


def updated(source: Path, profile: Profile, store: Path) -> None:
    build(source, Store(store), Settings(profile, compact=True))
    collect(Store(store))


def answers(store: Path) -> int:
    """Products of the published snapshot, all of whose files were verified, once one has been asked for."""
    service = Service(store)
    service.similar(service.ids[0])
    count = len(service)
    del service
    gc.collect()  # its lease ends with it
    return count


def main() -> None:
    source, profile, given = Path(sys.argv[1]), profile_from(json.loads(sys.argv[2])), Path(sys.argv[3])
    kills, chance = int(sys.argv[4]), random.Random(int(sys.argv[5]))
    whole, store = given.with_name("whole"), given.with_name("killed")
    shutil.copytree(given, whole)
    began = time.perf_counter()
    failed = os.waitstatus_to_exitcode(os.waitpid(child(partial(updated, source, profile, whole)), 0)[1])
    seconds = time.perf_counter() - began
    shutil.copytree(given, store)
    sizes: list[int] = []
    for _ in range(4 * kills):
        pid = child(partial(updated, source, profile, store))
        time.sleep(chance.uniform(0, seconds))
        os.kill(pid, signal.SIGKILL)
        if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL:
            sizes.append(answers(store))
        else:
            shutil.rmtree(store)
            shutil.copytree(given, store)
        if len(sizes) == kills:
            break
    failed |= os.waitstatus_to_exitcode(os.waitpid(child(partial(updated, source, profile, store)), 0)[1])
    ends = [Store(root).current().fingerprint for root in (whole, store)]
    print(json.dumps({"failed": failed, "whole": ends[0], "killed": ends[1], "sizes": sizes}))


if __name__ == "__main__":
    main()
