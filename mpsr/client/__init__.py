"""A client of the HTTP API, for programs that have the server and not the store.

    from mpsr.client import Client

    with Client("http://127.0.0.1:8080", token="…") as shop:
        for item in shop.similar("1005", k=5)["neighbours"]:
            print(item["id"], item["score"])

Answers are plain dictionaries with the fields that ``mpsr.client.answers`` names. Beside httpx it needs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Literal
from urllib.parse import quote

import httpx

from mpsr.client.answers import Accepted, Answer, Catalogue, Explanation, Facets, Product, Suggestions
from mpsr.errors import MPSRError

__all__ = ["Client", "ProblemError"]


class ProblemError(MPSRError):
    """The server refused: the fields of its problem document (RFC 9457).

    Attributes:
        status: the HTTP status.
        title: its name.
        detail: what came, what was expected.
    """

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(f"{status} {title}: {detail}")
        self.status, self.title, self.detail = status, title, detail


class Client:
    """A server of ``mpsr serve``. Safe to share between threads; close it, or use it in a ``with`` statement."""

    def __init__(
        self,
        address: str,
        token: str | None = None,
        timeout: float = 30.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """A client of the server at ``address``.

        Args:
            address: such as http://127.0.0.1:8080, without /v1.
            token: what ``mpsr token`` printed, where the server needs one.
            timeout: seconds for an answer.
            transport: how requests travel, for tests.
        """
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(
            base_url=f"{address.rstrip('/')}/v1/", headers=headers, timeout=timeout, transport=transport
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def catalogue(self) -> Catalogue:
        """What can be asked there: spaces, columns of filters, counts."""
        found: Catalogue = self._json("GET", "catalogue")
        return found

    def product(self, product: str) -> Product:
        """All columns of a product."""
        found: Product = self._json("GET", f"products/{_encoded(product)}")
        return found

    def similar(self, product: str, k: int = 5, **options: Any) -> Answer:
        """The products most similar to a product.

        Args:
            product: its id.
            k: how many.
            options: of the request, as in JSON: space, weights, where, hide_variants, diversity, at_most, rules.
        """
        return self.search([{"product": product}], k, **options)

    def search(
        self,
        parts: Sequence[Mapping[str, Any]],
        k: int = 5,
        pictures: Iterable[bytes] = (),
        **options: Any,
    ) -> Answer:
        """The products most similar to a query.

        Args:
            parts: products, words and pictures with their weights, as in JSON: ``{"words": "red shirt"}``.
            k: how many.
            pictures: files; one that no part names by its SHA-256 is a part of its own.
            options: as of ``similar``.
        """
        request = {"parts": [dict(part) for part in parts], "k": k, **options}
        files = [("picture", ("picture", data)) for data in pictures]
        if files:
            return self._answer(
                self._send("POST", "search", data={"request": json.dumps(request)}, files=files)
            )
        return self._answer(self._send("POST", "search", json=request))

    def explain(self, product: str, parts: Sequence[Mapping[str, Any]], **options: Any) -> Explanation:
        """Why a product is similar to a query."""
        body = {"request": {"parts": [dict(part) for part in parts], **options}, "product": product}
        found: Explanation = self._json("POST", "explain", json=body)
        return found

    def facets(self, where: Mapping[str, Sequence[str]] | None = None) -> Facets:
        """For each column worth filtering on: how many products have each value."""
        texts = [f"{column}={value}" for column, values in (where or {}).items() for value in values]
        found: Facets = self._json("GET", "facets", params={"where": texts})
        return found

    def suggest(self, typed: str, limit: int = 8) -> Suggestions:
        """Products for what is being typed."""
        found: Suggestions = self._json("GET", "suggest", params={"q": typed, "limit": limit})
        return found

    def events(self, events: Sequence[Mapping[str, Any]]) -> Accepted:
        """Send events, 1,000 at most: id, kind, session and product, and what else docs/clicks.md names.

        Sent again with the same ids, they change nothing.
        """
        found: Accepted = self._json("POST", "events", json={"events": [dict(event) for event in events]})
        return found

    def forget(self, session: str) -> int:
        """Remove all events of a session; returns how many there were."""
        return int(self._json("DELETE", f"events/sessions/{_encoded(session)}")["removed"])

    def picture(self, product: str) -> bytes:
        """The product's picture as JPEG; a ``ProblemError`` of status 404 where it has none."""
        return self._send("GET", f"pictures/{_encoded(product)}").content

    @staticmethod
    def _answer(response: httpx.Response) -> Answer:
        found: Answer = response.json()
        return found

    def _json(self, method: Literal["GET", "POST", "DELETE"], path: str, **options: Any) -> Any:
        return self._send(method, path, **options).json()

    def _send(self, method: Literal["GET", "POST", "DELETE"], path: str, **options: Any) -> httpx.Response:
        """The answer.

        Raises:
            ProblemError: the server refused.
            httpx.HTTPError: the server cannot be reached.
        """
        response = self._http.request(method, path, **options)
        if response.is_success:
            return response
        try:
            problem = response.json()
            told = str(problem["title"]), str(problem["detail"])
        except (ValueError, KeyError, TypeError):  # from a proxy in between
            told = response.reason_phrase, response.text[:200]
        raise ProblemError(response.status_code, *told)


def _encoded(product: str) -> str:
    return quote(product, safe="")
