"""What the find page asks, and its place in the address bar: a copied link opens the same view."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NoReturn

import streamlit as st

from mpsr.types import Weights

CHOICES_OF_K = (5, 10, 20, 50)


@dataclass(frozen=True)
class Query:
    """A product, how many neighbours, and the weights of words and picture."""

    product: str = ""
    k: int = 5
    weights: Weights = Weights()  # noqa: RUF009 - frozen, so it may be shared

    @classmethod
    def from_address(cls) -> Query:
        """The query in the address bar; what is not understood falls back to the default."""
        parameters = st.query_params
        try:
            k = int(parameters.get("k", "5"))
            share = int(parameters.get("picture", "50"))
        except ValueError:
            k, share = 5, 50
        share = min(max(round(share / 5) * 5, 0), 100)
        return cls(
            parameters.get("id", ""), k if k in CHOICES_OF_K else 5, Weights(1 - share / 100, share / 100)
        )

    def about(self, product: str) -> Query:
        """The same question about another product."""
        return replace(self, product=product)

    def asking(self, k: int, weights: Weights) -> Query:
        """Another question about the same product."""
        return replace(self, k=k, weights=weights)

    def to_address(self) -> None:
        """Write the query into the address bar."""
        wanted = {"id": self.product, "k": str(self.k), "picture": str(round(100 * self.weights.image))}
        kept = {key: value for key, value in st.query_params.items() if key not in wanted}
        if {**kept, **wanted} != dict(st.query_params.items()):
            st.query_params.from_dict({**kept, **wanted})

    def go(self) -> NoReturn:
        """Show this query now."""
        self.to_address()
        st.session_state.pop("asked", None)
        st.rerun()
