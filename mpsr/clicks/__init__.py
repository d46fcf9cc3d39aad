"""What people do with results: events, what they teach, and what can honestly be said about them."""

from mpsr.clicks.events import Events
from mpsr.clicks.types import KINDS, Event

__all__ = ["KINDS", "Event", "Events"]
