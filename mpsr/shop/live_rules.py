"""A store under a file of rules that may change while it is open."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from mpsr.errors import InputError
from mpsr.search.rules import NO_RULES
from mpsr.search.rules_file import read_rules
from mpsr.service import Service
from mpsr.shop.watched import Watched

log = logging.getLogger(__name__)


class LiveRules:
    """Gives the store with the rules as the file has them now. Safe to share between threads.

    A file that becomes wrong changes nothing: the last rules that were right hold on, and ``error`` says what is wrong.
    """

    def __init__(self, service: Service, path: Path, strict: bool = True) -> None:
        """Read the rules.

        Args:
            service: the store.
            path: the file.
            strict: refuse a wrong file at once; else begin without rules, and say so in ``error``.

        Raises:
            InputError: the rules are wrong; the message names the line.
        """
        self.path = path
        self._plain, self._lock = service, threading.Lock()
        self._file = Watched(path)
        self._error = ""
        try:
            self._ruled = service.ruled(read_rules(path))
        except InputError as error:
            if strict:
                raise
            self._error, self._ruled = str(error), service.ruled(NO_RULES)

    @property
    def service(self) -> Service:
        """The store with the rules."""
        with self._lock:
            self._look()
            return self._ruled

    def over(self, service: Service) -> Service:
        """The rules over the same build with other clicks; it is the store from now on."""
        with self._lock:
            self._look()
            if service is not self._plain:
                self._plain, self._ruled = service, service.ruled(self._ruled.rules)
            return self._ruled

    @property
    def error(self) -> str:
        """What is wrong with the file as it is now, "" where nothing is."""
        with self._lock:
            self._look()
            return self._error

    def follow(self, service: Service) -> None:
        """Go on with another build of the store, under the rules that hold now.

        Raises:
            InputError: they name a column that its catalogue does not have; the store before stays.
        """
        with self._lock:
            self._ruled = service.ruled(self._ruled.rules)
            self._plain = service

    def _look(self) -> None:
        """Read the file again where it is another."""
        if not self._file.changed():
            return
        try:
            self._ruled, self._error = self._plain.ruled(read_rules(self.path)), ""
            log.info("the rules %s were read again", self.path.name)
        except InputError as error:
            self._error = str(error)
            log.warning("the rules before hold on: %s", error)
