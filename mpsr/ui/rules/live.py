"""The open store under the file of rules that the app was started with."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from mpsr.service import Service
from mpsr.shop.live_rules import LiveRules

#: Names the file; ``mpsr app --rules`` sets it.
RULES = "MPSR_RULES"

#: Open stores whose rules are kept at most.
AT_MOST = 16

_lock = threading.Lock()
_live: dict[tuple[str, str], LiveRules] = {}


def live_rules(service: Service) -> LiveRules | None:
    """The store under the rules, with the clicks it has now; None where the app was started without any."""
    told = os.environ.get(RULES)
    if not told:
        return None
    key = (told, service.snapshot.fingerprint)
    with _lock:
        if key not in _live:
            for old in list(_live)[: len(_live) - AT_MOST + 1]:
                del _live[old]
            _live[key] = LiveRules(service, Path(told), strict=False)
        live = _live[key]
    live.over(service)
    return live


def under_rules(service: Service) -> Service:
    """The store as it answers under the rules; the store itself without any."""
    live = live_rules(service)
    return service if live is None else live.service
