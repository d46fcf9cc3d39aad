"""Answer a request: where its query lies, what is most similar, and how the scores compare with random pairs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mpsr.search.background import BackgroundDistribution, MatchThreshold
from mpsr.search.click_blend import blended
from mpsr.search.clicked import Clicked, ClickModel
from mpsr.search.diversity import diversified, pool_size
from mpsr.search.engine import Engine, InProcess
from mpsr.search.feed import Feed, Related
from mpsr.search.filters import Filters, Mask
from mpsr.search.grouping import Group, at_most
from mpsr.search.lexical_shares import LexicalShares, Lexicon, lexical_weight
from mpsr.search.neighbours import Neighbour, Neighbours, QueryLabel
from mpsr.search.query_encoder import Encoders
from mpsr.search.query_vector import QueryVector, query_vector
from mpsr.search.ranking import ROUNDING, rank
from mpsr.search.request import Request
from mpsr.search.rules import Rules
from mpsr.search.ruling import Effect, Ruling, best_ruled, click_shares_of, rule_shares, with_pins
from mpsr.search.store_reader import OpenStore
from mpsr.space.space import Rows, Scores, Space
from mpsr.types import Query, Weights, about


class Searcher:
    """Answers requests about one open store."""

    def __init__(
        self,
        store: OpenStore,
        encoders: Encoders,
        names: Sequence[str],
        filters: Filters,
        lexicon: Lexicon,
        rules: Rules,
        clicks: ClickModel | None = None,
        engine: Engine | None = None,
    ) -> None:
        self._engine = engine or InProcess(store.rows, filters)
        self._store, self._encoders, self._names, self._filters = store, encoders, names, filters
        self._clicked = Clicked(clicks, store.ids) if clicks else None
        self._lexicon, self._ruling = lexicon, Ruling(rules, filters, store.rows)
        kinds = store.coded("articleType").codes
        self._background = {
            name: BackgroundDistribution(space, kinds, lexical=lexicon.between)
            for name, space in store.spaces.items()
        }

    def ruled(self, rules: Rules) -> Searcher:
        """The same with other rules; everything else is shared.

        Raises:
            InputError: a rule names a column that the catalogue does not have.
        """
        other = copy(self)
        other._ruling = Ruling(rules, self._filters, self._store.rows)
        return other

    def with_clicks(self, learned: ClickModel | None) -> Searcher:
        """The same with what was learned from other clicks; everything else is shared."""
        other = copy(self)
        other._clicked = Clicked(learned, self._store.ids) if learned else None
        return other

    def search(self, request: Request) -> Neighbours:
        """The answer; raises as ``mpsr.service.Service.search``."""
        ranked, effect = self._answer(request)
        threshold = self.match_threshold(request)
        return Neighbours(
            self._label(request.query),
            replace(request, space=self._store.space(request.space).name),
            self._store.snapshot.fingerprint,
            self._neighbours(request, ranked, effect),
            threshold.score,
            threshold.percentile,
            self._ruling.digest if effect else "",
        )

    def _answer(self, request: Request) -> tuple[Scores, Effect | None]:
        """The results in their order, and what the rules did."""
        asked = self._asked_for(request.query)
        passing = self._filters.mask(request.where, asked) if request.where else None
        effect = self._ruling.effect(asked) if request.rules else None
        space = self._store.space(request.space)
        understood = self._lexicon.understood(request.query)
        query = query_vector(understood, space, request.weights, self._store, self._encoders)
        words = self._lexicon.shares(understood, lexical_weight(request))
        return self._ranked(request, space, query, passing, words, effect), effect

    def feed(self, k: int, space: str | None, rules: bool, clicks: bool) -> Feed:
        """As ``mpsr.service.Service.feed``."""
        found = self._store.space(space)

        def ask(row: int, k: int) -> Related:
            request = Request(about(self._store.ids[row]), k, found.name, rules=rules, clicks=clicks)
            ranked, effect = self._answer(request)
            pins = effect.pins.values() if effect else ()
            return Related(row, ranked, frozenset(pins) & set(ranked.rows.tolist()), False)

        clicked = self._clicked if clicks else None

        ruling = self._ruling if rules else None
        return Feed(found, self._store.graphs[found.name], ruling, clicked, ask, k, date.today())

    @property
    def clicks_digest(self) -> str:
        """SHA-256 of what was learned from clicks, "" without."""
        return self._clicked.digest if self._clicked else ""

    @property
    def rules(self) -> Rules:
        """The rules."""
        return self._ruling.rules

    @property
    def rules_digest(self) -> str:
        """SHA-256 of the rules' file, "" without rules."""
        return self._ruling.digest

    @property
    def idle_rules(self) -> list[str]:
        """As ``mpsr.service.Service.idle_rules``."""
        return self._ruling.idle

    def _neighbours(self, request: Request, ranked: Scores, effect: Effect | None) -> list[Neighbour]:
        background, weights = self._compared(request)
        percentiles = background.percentile(
            ranked.similarity, weights, request.query.modality, lexical_weight(request)
        )
        lexical = np.zeros(len(ranked.rows)) if ranked.lexical is None else ranked.lexical
        pinned = np.isin(ranked.rows, list(effect.pins.values()) if effect else [])
        rule, click = rule_shares(ranked), click_shares_of(ranked)
        columns = (ranked.text, ranked.image, percentiles, lexical, rule, pinned, click)
        return [
            Neighbour(self._store.ids[row], self._names[row], *figures)
            for row, *figures in zip(ranked.rows, *(column.tolist() for column in columns), strict=True)
        ]

    def percentile(self, score: float, request: Request) -> float:
        """As ``mpsr.service.Service.percentile``."""
        background, weights = self._compared(request)
        modality, lexical = request.query.modality, lexical_weight(request)
        return float(background.percentile(np.array([score]), weights, modality, lexical)[0])

    def score_at(self, percentile: float, request: Request) -> float:
        """As ``mpsr.service.Service.score_at``."""
        background, weights = self._compared(request)
        scores = background.scores(weights, request.query.modality, lexical_weight(request))
        return float(scores[math.ceil(percentile * (len(scores) - 1))]) if len(scores) else -1.0

    def match_threshold(self, request: Request) -> MatchThreshold:
        """As ``mpsr.service.Service.match_threshold``."""
        background, weights = self._compared(request)
        return background.match_threshold(weights, request.query.modality, lexical_weight(request))

    def _compared(self, request: Request) -> tuple[BackgroundDistribution, Weights]:
        """What a request's scores are compared with, and with which weights."""
        space = self._store.space(request.space)
        return self._background[space.name], space.effective_weights(request.weights, request.query.modality)

    def _asked_for(self, query: Query) -> list[int]:
        """Rows of the products that more like is asked of."""
        wanted = [part.product for part in query.parts if part.product is not None and part.weight > 0]
        return [self._store.row_of(product) for product in wanted]

    def _label(self, query: Query) -> QueryLabel:
        if len(query.parts) == 1 and query.products:
            product = query.products[0]
            return {"id": product, "name": self._names[self._store.row_of(product)]}
        return {"id": "", "name": query.label}

    @cached_property
    def _family(self) -> npt.NDArray[np.int64]:
        return self._store.families()

    def _ranked(
        self,
        request: Request,
        space: Space,
        query: QueryVector,
        passing: Mask | None,
        words: LexicalShares | None,
        effect: Effect | None,
    ) -> Scores:
        """The k results in their order."""
        allowed = self._allowed(request, query, passing)
        if effect is None:
            return self._chosen(request, space, query, allowed, passing is None, words, None)
        allowed &= effect.allowed
        pins = {slot: row for slot, row in effect.pins.items() if slot < request.k and allowed[row]}
        rows = np.array(list(pins.values()), dtype=np.int64)
        pinned = space.score(query.vector, rows, query.weights)
        if words is not None:
            pinned = words.added_to(pinned)
        scored = np.flatnonzero(~np.isnan(pinned.total))
        allowed[rows] = False
        ranked = self._chosen(request, space, query, allowed, passing is None, words, effect)
        if not len(scored):
            return ranked
        return with_pins(ranked, pinned.take(scored), [list(pins)[place] for place in scored], request.k)

    def _chosen(
        self,
        request: Request,
        space: Space,
        query: QueryVector,
        allowed: Mask,
        unfiltered: bool,
        words: LexicalShares | None,
        effect: Effect | None,
    ) -> Scores:
        """The k best of the products allowed, few enough of each group, diverse where that is asked."""
        engine = self._engine.nearest(space, request.where, self._asked_for(request.query))

        def by_content(count: int, among: Mask) -> Scores:
            """The ``count`` nearest of the products among these, from the graph where it is sure to hold them."""
            candidates = None
            if query.single_row is not None and unfiltered and query.weights.equal:
                candidates = self._from_graph(space.name, query.single_row, count, among)
            return rank(space, query.vector, count, query.weights, among, candidates, words, engine)

        wanted = pool_size(request.k) if request.diversity else request.k
        nearest = self._with_clicks(request, space, query, allowed, wanted, by_content)

        def best(count: int) -> Scores:
            if effect is None or not effect.share.any():
                return nearest(count, allowed)
            return best_ruled(nearest, count, allowed, effect)

        groups = self._groups(request)
        ranked = at_most(best, wanted, groups, allowed) if groups else best(wanted)
        if not request.diversity:
            return ranked
        return diversified(space, ranked, request.k, query.weights, request.diversity)

    def _with_clicks(
        self,
        request: Request,
        space: Space,
        query: QueryVector,
        allowed: Mask,
        wanted: int,
        by_content: Callable[[int, Mask], Scores],
    ) -> Callable[[int, Mask], Scores]:
        """The nearest by content and clicks; by content alone where the query is no product that anybody chose."""
        row = query.single_row
        if self._clicked is None or not request.clicks or row is None or not self._clicked.knows(row):
            return by_content
        return blended(self._clicked, space, query.vector, query.weights, row, allowed, wanted, by_content)

    def _groups(self, request: Request) -> list[Group]:
        """What the results may share with only so many others."""
        groups = [Group(self._filters.groups(name), most) for name, most in request.at_most.items()]
        return [*groups, Group(self._family, 1)] if request.hide_variants else groups

    def _allowed(self, request: Request, query: QueryVector, passing: Mask | None) -> Mask:
        """Which products may be among the results, shape (N,)."""
        allowed = np.ones(len(self._store), dtype=bool) if passing is None else passing.copy()
        allowed[query.product_rows] = False
        if request.hide_variants:
            allowed &= ~np.isin(self._family, self._family[query.product_rows])
        return allowed

    def _from_graph(self, space: str, row: int, k: int, allowed: Mask) -> Rows | None:
        """The graph's neighbours of a product that are allowed, when they are sure to hold the k best."""
        if k < 1:
            return np.empty(0, np.int64)
        graph = self._store.graphs[space]
        own = slice(graph.indptr[row], graph.indptr[row + 1])
        scores, rows = graph.data[own], np.asarray(graph.indices[own], np.int64)
        whole = len(rows) == len(self._store) - 1
        last = scores[-1] if len(scores) else 0.0
        kept = allowed[rows]
        scores, rows = scores[kept], rows[kept]
        if whole or (k <= len(rows) and scores[k - 1] - last > ROUNDING):
            return rows
        return None
