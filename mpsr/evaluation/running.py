"""An evaluation that runs beside what people do: one at a time in a process, whose progress can be looked at."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mpsr.errors import MPSRError
from mpsr.evaluation.report import Report

if TYPE_CHECKING:
    from mpsr.service import Service

#: Lines that an evaluation reports: choosing, and one a task (``mpsr.evaluation.protocol.tasks_of``).
LINES = 14

_log = logging.getLogger(__name__)


@dataclass
class Running:
    """Where an evaluation stands.

    Attributes:
        snapshot: of which snapshot.
        said: the last step it began.
        steps: how many it began.
        error: why it ended without a report; "" where it did not.
        done: whether it ended.
    """

    snapshot: str
    said: str = "reading the store"
    steps: int = 0
    error: str = ""
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def share(self) -> float:
        """About how much of it is done, in [0, 1]."""
        return 1.0 if self.done.is_set() else min(self.steps / (LINES + 1), 0.99)

    def step(self, line: str) -> None:
        """A step begins."""
        self.said, self.steps = line, self.steps + 1


class Evaluations:
    """Starts evaluations, one at a time, and knows the last of each snapshot."""

    def __init__(self, run: Callable[[Service, Callable[[str], None]], object]) -> None:
        self._run, self._lock = run, threading.Lock()
        self._known: dict[str, Running] = {}

    def of(self, snapshot: str) -> Running | None:
        """The last evaluation of a snapshot in this process."""
        return self._known.get(snapshot)

    def start(self, service: Service) -> Running | None:
        """Start one; the one that runs for this snapshot already; None while one of another runs."""
        with self._lock:
            running = [one for one in self._known.values() if not one.done.is_set()]
            mine = service.snapshot.fingerprint
            if running:
                return running[0] if running[0].snapshot == mine else None
            one = self._known[mine] = Running(mine)
            threading.Thread(
                target=self._work, args=(service, one), name="mpsr-evaluate", daemon=True
            ).start()
            return one

    def _work(self, service: Service, one: Running) -> None:
        try:
            self._run(service, one.step)
        except (MPSRError, OSError) as error:
            one.error = str(error)
        except Exception as error:  # a thread's exception is seen by nobody else
            _log.exception("the evaluation failed")
            one.error = f"{type(error).__name__}: {error}"
        finally:
            one.done.set()


def evaluated(service: Service, log: Callable[[str], None]) -> Report:
    """Evaluate on the products never seen, and save the report where ``mpsr evaluate`` does."""
    from mpsr.evaluation.protocol import evaluate
    from mpsr.evaluation.render import save_report

    report = evaluate(service, "test", log)
    save_report(service.root, report)
    return report
