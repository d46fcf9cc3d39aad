"""Open a published store read-only and answer requests. What the app, the command line and notebooks call.

Opening imports neither torch nor transformers; they are needed only to encode something new: words or a photo.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import Any, Unpack

import pandas as pd
from scipy.sparse import csr_matrix

from mpsr.atlas import Atlas, read_atlas
from mpsr.catalogue.types import NAME
from mpsr.engines import open_engine
from mpsr.explain.explanation import Explanation
from mpsr.explain.why import Explainer
from mpsr.search.background import MatchThreshold
from mpsr.search.click_file import read_clicks
from mpsr.search.clicked import ClickModel
from mpsr.search.engine import Engine
from mpsr.search.examples import Examples
from mpsr.search.feed import Feed
from mpsr.search.filters import Filters, Mask, NumberRange
from mpsr.search.lexical_shares import Lexicon
from mpsr.search.name_lookup import Names
from mpsr.search.neighbours import Neighbours
from mpsr.search.query_encoder import Encoders
from mpsr.search.request import Request, RequestOptions, Where
from mpsr.search.rules import NO_RULES, Rules
from mpsr.search.rules_file import read_rules
from mpsr.search.searcher import Searcher
from mpsr.search.store_reader import OpenStore, StoreInfo
from mpsr.space.space import Space
from mpsr.store import Artefact, Snapshot, newest_store
from mpsr.store.layout import REJECTS, Stage
from mpsr.types import FloatArray, Query, about


class Service:
    """One published store, verified, ready to answer; safe to share between threads."""

    def __init__(
        self,
        root: Path,
        verify: bool = True,
        rules: Rules = NO_RULES,
        clicks: bool = True,
        engine: str | None = None,
    ) -> None:
        """Open the store at ``root``.

        Args:
            root: the store's folder.
            verify: compare every file with the hash in its manifest; off, only presence and sizes.
            rules: what a merchandiser wants of the results; a request may switch them off.
            clicks: use what ``mpsr learn-clicks`` learned, where it did; a request may switch it off, too.
            engine: address of the engine that serves the vectors (``mpsr.engines``); None is FAISS in this process.

        Raises:
            StoreError: no store, another schema, or something in it does not agree.
            InputError: a rule names a column that the catalogue does not have.
            EngineError: nothing answers at the engine's address, or it does not hold the store's snapshot.
        """
        #: Whether what is learned from clicks is used at all.
        self.uses_clicks = clicks
        self._store = OpenStore(root, verify, indexed=engine is None)
        self._names = [_text(name) for name in self.products[NAME]]
        self._filters = Filters(self.products)
        self._lookup = Names(self._store.ids, self._names, self._store.pictured)
        self._encoders = Encoders(self._store)
        lexicon = Lexicon(self.products)
        learned = read_clicks(root) if clicks else None
        self._engine = open_engine(engine, self._store, self._filters)
        self._searcher = Searcher(
            self._store, self._encoders, self._names, self._filters, lexicon, rules, learned, self._engine
        )
        self._examples = Examples(self._store.ids, self.products["articleType"], self._store.pictured)
        self._explainer = Explainer(self._store, self._encoders, lexicon)

    def __len__(self) -> int:
        return len(self._store)

    def ruled(self, rules: Rules) -> Service:
        """The same store with other rules; everything else is shared.

        Raises:
            InputError: a rule names a column that the catalogue does not have.
        """
        other = copy(self)
        other._searcher = self._searcher.ruled(rules)
        return other

    def clicked(self, learned: ClickModel | None) -> Service:
        """The same store with what was learned from other clicks, None for nothing; everything else is shared."""
        other = copy(self)
        other._searcher = self._searcher.with_clicks(learned)
        return other

    # -- what is in it ------------------------------------------------------------------------------------

    @property
    def root(self) -> Path:
        """The store's folder."""
        return self._store.root

    @property
    def memory(self) -> int:
        """Bytes it takes beyond what is mapped from its files, roughly."""
        return self._store.memory

    @property
    def snapshot(self) -> Snapshot:
        """The published build that is open."""
        return self._store.snapshot

    @property
    def products(self) -> pd.DataFrame:
        """The catalogue's table, one row a product, in catalogue order. Read it, do not change it."""
        return self._store.products

    @property
    def spaces(self) -> list[str]:
        """Names of the spaces this store can be searched in, the default first."""
        return list(self._store.spaces)

    def space(self, name: str | None = None) -> Space:
        """The space of that name, the default for None: vectors, query blocks, exact scores.

        Raises:
            InputError: this store has no such space.
        """
        return self._store.space(name)

    @property
    def engine(self) -> Engine:
        """What serves the vectors: the nearest of a query, vectors by id, counts."""
        return self._engine

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Text embeddings made as the catalogue's are, before any space: (n, d_text), float32, unit norm.

        Raises:
            InputError: a text is too long, or the store's text encoder is not to be had here.
        """
        return self._encoders.words(texts)

    @property
    def graph(self) -> csr_matrix:
        """The neighbour graph of the default space, shape (N, N), cosines."""
        return self._store.graphs[self.spaces[0]]

    def artefact(self, stage: str) -> Artefact:
        """A stage's artefact, read-only.

        Raises:
            StoreError: this store has none.
        """
        return self._store.artefact(stage)

    def row_of(self, product: str) -> int:
        """The product's row.

        Raises:
            InputError: there is no such product; the message names the nearest ids.
        """
        return self._store.row_of(product)

    def product(self, product: str) -> dict[str, Any]:
        """All columns of a product; missing values are None."""
        return self._store.product(self.row_of(product))

    def name(self, product: str) -> str:
        """The product's name, "" where it has none."""
        return self._names[self.row_of(product)]

    @property
    def ids(self) -> list[str]:
        """The product ids in catalogue order."""
        return self._store.ids

    def has_picture(self, product: str) -> bool:
        """Whether the product has a picture.

        Raises:
            InputError: there is no such product.
        """
        return bool(self._store.pictured[self.row_of(product)])

    def pictures(self, product: str) -> int:
        """How many pictures the product has; the first is the one that is searched by.

        Raises:
            InputError: there is no such product.
        """
        return self._store.pictures(self.row_of(product))

    def picture(self, product: str, number: int = 0) -> bytes | None:
        """A picture of the product as JPEG bytes, 0 being its first; None where it has no such picture."""
        return self._store.picture(self.row_of(product), number)

    def rejects(self) -> pd.DataFrame:
        """What did not make it into the catalogue: line, id, kind, reason, detail."""
        return self.artefact(Stage.CATALOGUE).table(REJECTS)

    def info(self) -> StoreInfo:
        """What this store is: source, figures, models with their hashes, index and recall, sizes."""
        return self._store.info()

    @cached_property
    def atlas(self) -> Atlas:
        """The map of the default space.

        Raises:
            StoreError: the store was built before there were maps, or the map is of other products.
        """
        return read_atlas(self.artefact(Stage.ATLAS), self.artefact(Stage.REGIONS), self.ids)

    @property
    def idle_rules(self) -> list[str]:
        """What the rules name and the catalogue does not have, a sentence each; such a rule does nothing."""
        return self._searcher.idle_rules

    @property
    def rules(self) -> Rules:
        """The rules that the store was opened with."""
        return self._searcher.rules

    @property
    def rules_digest(self) -> str:
        """SHA-256 of the file of rules that the store was opened with, "" without."""
        return self._searcher.rules_digest

    @property
    def clicks_digest(self) -> str:
        """SHA-256 of what was learned from clicks, "" where nothing was."""
        return self._searcher.clicks_digest

    # -- asking -------------------------------------------------------------------------------------------

    def similar(self, product: str, **options: Unpack[RequestOptions]) -> Neighbours:
        """The products most similar to a product, itself never among them; ``search`` with that one part.

        Args:
            product: its id.
            options: of the request: k, space, weights, where, hide_variants, diversity, at_most, lexical, rules, clicks.
        """
        return self.search(Request(about(product), **options))

    def search(self, request: Request) -> Neighbours:
        """The products most similar to a query of products, words and pictures.

        Returns:
            Neighbours by descending score, equal scores in catalogue order; each score is exactly the sum of its
            text share, its image share and its lexical share. With diversity they come in the order chosen, the best
            first.

        Raises:
            InputError: unknown product, space, column or value, parts that cannot be encoded or that cancel each other
                out.
            StoreError: variants are to be hidden, and the store has no families.
        """
        return self._searcher.search(request)

    def feed(self, k: int = 20, space: str | None = None, rules: bool = True, clicks: bool = True) -> Feed:
        """The neighbours of many products at once; see ``mpsr.search.feed``. Text and image count the same.

        Of products with the same score at the end of a list, it may choose others than ``similar``.

        Raises:
            InputError: this store has no such space.
        """
        return self._searcher.feed(k, space, rules, clicks)

    def percentile(self, score: float, request: Request) -> float:
        """The share in [0, 1] of random pairs of this catalogue's products with a lower score.

        Args:
            score: a score.
            request: what the score answers. Its space and weights count, and what its query consists of: text alone (or
                images alone) is compared with the text (images) of random products against whole products.
        """
        return self._searcher.percentile(score, request)

    def score_at(self, percentile: float, request: Request) -> float:
        """The score that the share ``percentile`` of random pairs stays below; the inverse of ``percentile``.

        Args:
            percentile: a share in [0, 1].
            request: as for ``percentile``.

        Returns:
            The score; -1 in a catalogue that has no pairs.
        """
        return self._searcher.score_at(percentile, request)

    def match_threshold(self, request: Request) -> MatchThreshold:
        """The score below which a result is no good match, and the share of this catalogue's random pairs below it.

        The share is 98 %, or less where more pairs of products are alike; ``mpsr.search.background`` has the rule. Of the
        request counts what counts for ``percentile``.
        """
        return self._searcher.match_threshold(request)

    def why(self, request: Request, product: str) -> Explanation:
        """Why a product is similar to a query: both shares, attributes, words, and where in the two pictures.

        Needs the store's encoders, as a query by words or by photo does; the latest explanations are kept.

        Args:
            request: what was asked; its query, space and weights count.
            product: id of the result to explain; any product will do.

        Raises:
            InputError: as ``search``.
        """
        return self._explainer.why(request, product)

    def place(self, query: Query, k: int = 15) -> tuple[float, float] | None:
        """Where a query belongs on the map, from its k nearest products (``mpsr.atlas.placement`` says how).

        Returns:
            Map coordinates, both in [-1, 1]; None when none of the nearest is on the map.

        Raises:
            InputError: as ``search``.
            StoreError: the store has no map.
        """
        near = self.search(Request(query, k, self.atlas.space)).neighbours
        return self.atlas.place_out_of_sample(
            [self.row_of(item.id) for item in near], [item.score for item in near]
        )

    # -- choosing what to ask -----------------------------------------------------------------------------

    @property
    def filter_columns(self) -> list[str]:
        """Columns that ``where`` accepts."""
        return self._filters.names

    @property
    def number_columns(self) -> list[str]:
        """Columns of numbers, whose ranges ``where`` accepts."""
        return self._filters.numeric

    def mask(self, where: Where, same_as: Sequence[str] = ()) -> Mask:
        """Which products pass the filters, shape (N,).

        Args:
            where: column → accepted values, or a condition.
            same_as: ids of the products whose values "same" stands for.

        Raises:
            InputError: unknown column, a value no product has, a range of a column without numbers, or "same" without
                ``same_as``.
        """
        return self._filters.mask(where, [self.row_of(product) for product in same_as])

    def counts(self, where: Where | None = None, same_as: Sequence[str] = ()) -> dict[str, dict[str, int]]:
        """For every column worth filtering on: value → number of products that pass all *other* filters.

        Most frequent first; "(missing)" counts products without a value, and ``where`` accepts it too. Values that no
        product is left with are not there, unless ``where`` names them. Columns of one value, and those in which hardly
        a value repeats, such as a description, are left out unless ``where`` names them.

        Raises:
            InputError: as ``mask``.
        """
        return self._filters.counts(where or {}, [self.row_of(product) for product in same_as])

    def ranges(self, where: Where | None = None, same_as: Sequence[str] = ()) -> dict[str, NumberRange]:
        """For every column of numbers: the least, the most and how many products that pass all *other* filters have one.

        Raises:
            InputError: as ``mask``.
        """
        return self._filters.ranges(where or {}, [self.row_of(product) for product in same_as])

    def find(self, text: str, limit: int = 20) -> list[str]:
        """Ids of products by id or by words of their name: the exact id, else names that hold every word.

        Returns:
            At most ``limit`` ids in catalogue order.
        """
        return self._lookup.find(text, limit)

    def suggest(self, text: str, limit: int = 8) -> list[str]:
        """Ids for a type-ahead: by id, by name, by the beginning of either; see ``mpsr.search.name_lookup``."""
        return self._lookup.suggest(text, limit)

    def named(self, name: str) -> list[str]:
        """Ids of all products of exactly this name, upper and lower case alike; those with a picture first."""
        return self._lookup.named(name)

    def random(self, seed: int | None = None) -> str:
        """A product drawn from those with a picture (from all where none has one); the same for the same seed."""
        return self._examples.drawn(seed)

    def examples(self, n: int = 6) -> list[str]:
        """Products to begin with: the first with a picture of each of the n commonest article types.

        Fewer when there are fewer types; without any picture, products without one.
        """
        return self._examples.first(n)

    def example(self) -> str:
        """A product to begin with: the first of ``examples``."""
        return self.examples(1)[0]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def open_service(
    store: Path | str | None = None,
    verify: bool = True,
    rules: Path | str | None = None,
    engine: str | None = None,
) -> Service:
    """The service of the store at ``store``; without one, of the newest store.

    Args:
        store: its folder.
        verify: as ``Service``.
        rules: a file of rules (``mpsr.search.rules_file``).
        engine: as ``Service``.

    Raises:
        StoreError: there is none, or it cannot be trusted.
        InputError: a rule is wrong; the message names its line.
    """
    folder = newest_store() if store is None else Path(store)
    return Service(folder, verify, read_rules(Path(rules)) if rules else NO_RULES, engine=engine)
