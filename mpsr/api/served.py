"""The open store behind a server, and how it is asked: in a few threads, and not for ever."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated, ParamSpec, TypeVar
from urllib.parse import quote

from fastapi import Depends
from starlette.requests import Request

from mpsr.api.problems import ApiError
from mpsr.api.settings import ApiSettings
from mpsr.clicks import Events
from mpsr.errors import InputError
from mpsr.service import Service
from mpsr.shop.live_clicks import LiveClicks
from mpsr.shop.live_rules import LiveRules
from mpsr.shop.live_store import LiveStore

P = ParamSpec("P")
T = TypeVar("T")


class Served:
    """A service and the threads that ask it. A request holds a view of its own (``now``), so it sees one build."""

    def __init__(
        self,
        service: Service,
        settings: ApiSettings,
        prefix: str,
        rules: LiveRules | None = None,
        events: Events | None = None,
        interleave: bool = False,
        live: LiveStore | None = None,
    ) -> None:
        self._service, self.settings, self.prefix, self.rules = service, settings, prefix, rules
        self._live = live or LiveStore(service, rules, follow=False)
        self.events, self.interleave = events, interleave
        self._pool = ThreadPoolExecutor(settings.workers, "mpsr-api")

    @property
    def service(self) -> Service:
        """The store that answers."""
        return self._service

    @property
    def clicks(self) -> LiveClicks:
        """What was learned from clicks, as it is followed."""
        return self._live.clicks

    def now(self) -> Served:
        """The same on the build that is published now, with the rules and the clicks as their files have them now."""
        view = copy.copy(self)
        view._service = self._live.service
        return view

    @property
    def snapshot(self) -> str:
        """Fingerprint of the snapshot that is open."""
        return self._service.snapshot.fingerprint

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns, computed in one of the threads.

        Work that takes too long goes on in its thread, which is busy for as long; work that is still waiting by then is
        never begun.

        Raises:
            ApiError: there is no answer in time.
        """
        work = asyncio.get_running_loop().run_in_executor(self._pool, partial(function, *args, **kwargs))
        try:
            return await asyncio.wait_for(work, self.settings.timeout)
        except TimeoutError as error:
            detail = f"There was no answer within {self.settings.timeout:g} seconds. Ask for less, or later."
            raise ApiError(504, detail) from error

    def known(self, product: str) -> str:
        """The id itself, when there is such a product.

        Raises:
            ApiError: there is none.
        """
        try:
            self.service.row_of(product)
        except InputError as error:
            raise ApiError(404, str(error)) from error
        return product

    def picture_link(self, product: str) -> str | None:
        """Path of the product's picture on this server, None where it has none."""
        if not self.service.has_picture(product):
            return None
        return f"{self.prefix}/pictures/{quote(product, safe='')}"

    def picture_links(self, product: str) -> list[str]:
        """Paths of all the product's pictures on this server, in order."""
        first = self.picture_link(product)
        if first is None:
            return []
        return [first, *(f"{first}?number={n}" for n in range(1, self.service.pictures(product)))]

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def served(request: Request) -> Served:
    """What the app serves, as it is when the request comes."""
    found: Served = request.app.state.served
    return found.now()


ServedHere = Annotated[Served, Depends(served)]
