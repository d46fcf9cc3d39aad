"""What the Find page asks and shows, and how an address says it: a copied link opens the same view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from mpsr.errors import InputError
from mpsr.search.conditions import Where, combined, range_of
from mpsr.search.request import Request
from mpsr.types import LESS, Part, Query, Weights

T = TypeVar("T")

#: How many results the page shows, and the next step on request.
STEPS = (5, 10, 20, 50)

#: What a filter's parameter begins with: ``where.gender=Men``, ``not.baseColour=Black``, ``range.price=20..50``,
#: ``most.brand=2``.
WHERE, NOT, RANGE, MOST = "where.", "not.", "range.", "most."

#: Parameters that may stand in an address more than once.
LISTS = {"id": "more", "less": "less", "words": "words", "photo": "photos", "same": "same"}

#: Those of them that are parts of the query.
PARTS = ("more", "less", "words", "photos")

#: Parameters that stand in it once at most.
SINGLE = ("picture", "k", "space", "diversity", "variants", "rules", "weak", "why")

#: The largest limit of results of one value: more are never shown.
MOST_OF_ONE = STEPS[-1]

#: What bookmarks and links on boards may still say: old parameter → today's, old space → today's.
OLD_PARAMETERS, OLD_SPACES = {"variety": "diversity"}, {"shared": "learned"}


@dataclass(frozen=True)
class Question:
    """Everything the page shows depends on this and on the store.

    Attributes:
        more: products to find similar ones to.
        less: products to keep away from.
        words: descriptions.
        photos: fingerprints of photos that the visitor's session keeps; a link cannot carry them.
        picture: weight of the picture in percent; the words have the rest.
        k: how many results, one of ``STEPS``.
        space: name of the space; "" is the store's first.
        where: column and accepted values, in the order they were chosen.
        refused: column and values left out.
        ranges: column and a range of its numbers, such as ``20..50``.
        same: columns in which results must have the value of the products asked for.
        at_most: column and how many results of one value.
        rules: whether the rules that the app was started with count.
        hide_variants: one product of each family.
        diversity: of the results, in percent.
        weak: show results below the match threshold too.
        why: the result that is explained, "" for none.
    """

    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    picture: int = 50
    k: int = STEPS[0]
    space: str = ""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    hide_variants: bool = True
    diversity: int = 0
    weak: bool = False
    why: str = ""
    refused: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ranges: tuple[tuple[str, str], ...] = ()
    same: tuple[str, ...] = ()
    at_most: tuple[tuple[str, int], ...] = ()
    rules: bool = True

    @property
    def empty(self) -> bool:
        """Nothing to look for yet."""
        return not (self.more or self.words or self.photos)

    @property
    def filters(self) -> Where:
        """What results must be; without a product that is asked for, "same" says nothing."""
        same = self.same if self.more else ()
        return combined(dict(self.where), dict(self.refused), dict(self.ranges), same)

    @property
    def narrowed(self) -> bool:
        """Whether anything leaves products out."""
        return bool(self.where or self.refused or self.ranges or self.same or self.at_most)

    def request(self, photo: Callable[[str], bytes | None]) -> Request | None:
        """The library's request; None where nothing is left to look for.

        Args:
            photo: gives the photo of a fingerprint, None for one that is not here; such a part is left out.
        """
        parts = [Part(product=product) for product in self.more]
        parts += [Part(words=words) for words in self.words]
        parts += [Part(picture=data) for name in self.photos if (data := photo(name))]
        if not parts:
            return None
        parts += [Part(product=product, weight=LESS) for product in self.less]
        return Request(
            Query(tuple(parts)),
            self.k,
            self.space or None,
            Weights(1 - self.picture / 100, self.picture / 100),
            self.filters,
            self.hide_variants,
            self.diversity / 100,
            dict(self.at_most),
            rules=self.rules,
        )

    # -- the next question --------------------------------------------------------------------------------

    def about(self, product: str) -> Question:
        """The same settings, asked about one product."""
        return self._asked(more=(product,))

    def saying(self, words: str) -> Question:
        """The same settings, asked with words."""
        return self._asked(words=(words,))

    @property
    def refined_by_words(self) -> bool:
        """Whether words typed now are meant for the query that is there: beside a product or a photo."""
        return bool(self.more or self.photos)

    def showing(self, photo: str) -> Question:
        """The same settings, asked with a photo."""
        return self._asked(photos=(photo,))

    def or_about(self, product: str) -> Question:
        """This question; one without anything to look for is asked about a product."""
        return replace(self, more=(product,)) if self.empty else self

    def more_like(self, product: str) -> Question:
        """Also like this product."""
        return self._start(more=(*_without(self.more, product), product), less=_without(self.less, product))

    def less_like(self, product: str) -> Question:
        """Rather not like this product."""
        return self._start(more=_without(self.more, product), less=(*_without(self.less, product), product))

    def also_saying(self, words: str) -> Question:
        """Also these words."""
        return self._start(words=(*_without(self.words, words), words))

    def also_showing(self, photo: str) -> Question:
        """Also this photo."""
        return self._start(photos=(*_without(self.photos, photo), photo))

    def without(self, part: str) -> Question:
        """Without a product, words or a photo."""
        return self._start(
            more=_without(self.more, part),
            less=_without(self.less, part),
            words=_without(self.words, part),
            photos=_without(self.photos, part),
        )

    def asking_why(self, product: str) -> Question:
        """The same, with one result explained; "" closes the explanation."""
        return replace(self, why=product)

    def filtered(self, column: str, values: Sequence[str]) -> Question:
        """With these values accepted in a column; none accepts all."""
        kept = tuple(pair for pair in self.where if pair[0] != column)
        return replace(self, where=(*kept, (column, tuple(values))) if values else kept)

    def refusing(self, pairs: Iterable[tuple[str, str]]) -> Question:
        """With these values of columns left out, and no others."""
        refused: dict[str, list[str]] = {}
        for column, value in pairs:
            refused.setdefault(column, []).append(value)
        return replace(self, refused=tuple((column, tuple(values)) for column, values in refused.items()))

    def within(self, column: str, limits: str) -> Question:
        """With a column's numbers limited to a range such as ``20..50``; "" or ".." limits nothing."""
        kept = tuple(pair for pair in self.ranges if pair[0] != column)
        return replace(self, ranges=(*kept, (column, limits)) if limits.strip(".") else kept)

    def unfiltered(self) -> Question:
        """Without filters."""
        return replace(self, where=(), refused=(), ranges=(), same=(), at_most=())

    def _asked(self, **parts: tuple[str, ...]) -> Question:
        return self._start(**(dict.fromkeys(PARTS, ()) | parts))

    def _start(self, **parts: Any) -> Question:
        """Other parts begin with the first results again, none explained."""
        return replace(self, k=STEPS[0], weak=False, why="", **parts)

    # -- in an address ------------------------------------------------------------------------------------

    def parameters(self) -> dict[str, list[str]]:
        """The address's parameters; what is as usual is left out."""
        usual = Question()
        found = {name: list(getattr(self, field)) for name, field in LISTS.items()}
        single = {
            "picture": (self.picture, usual.picture),
            "k": (self.k, usual.k),
            "space": (self.space, usual.space),
            "diversity": (self.diversity, usual.diversity),
            "variants": ("" if self.hide_variants else "show", ""),
            "rules": ("" if self.rules else "off", ""),
            "weak": ("show" if self.weak else "", ""),
            "why": (self.why, usual.why),
        }
        found |= {name: [str(value)] if value != default else [] for name, (value, default) in single.items()}
        found |= {f"{WHERE}{column}": list(values) for column, values in self.where}
        found |= {f"{NOT}{column}": list(values) for column, values in self.refused}
        found |= {f"{RANGE}{column}": [limits] for column, limits in self.ranges}
        found |= {f"{MOST}{column}": [str(most)] for column, most in self.at_most}
        return {name: values for name, values in found.items() if values}

    @staticmethod
    def owns(parameter: str) -> bool:
        """Whether a parameter of an address is the question's."""
        known = parameter in LISTS or parameter in SINGLE or parameter in OLD_PARAMETERS
        return known or parameter.startswith((WHERE, NOT, RANGE, MOST))

    @classmethod
    def parse(cls, parameters: Mapping[str, Sequence[str]]) -> tuple[Question, list[str]]:
        """The question of an address, and messages about the parameters that say what cannot be and are left out.

        Parameters it does not know are somebody else's. Whether the store has what is asked for is checked by
        ``mpsr.ui.find.link``.
        """
        trouble: list[str] = []
        parameters = {OLD_PARAMETERS.get(name, name): values for name, values in parameters.items()}

        def read(default: T, take: Callable[..., T], *told: Any) -> T:
            try:
                return take(parameters, *told)
            except InputError as error:
                trouble.append(str(error))
                return default

        space = read("", _one, "space")
        lists = {
            field: tuple(dict.fromkeys(filter(None, parameters.get(name, ()))))
            for name, field in LISTS.items()
        }
        most = [
            (name.removeprefix(MOST), read(0, _number, name, 1, range(1, MOST_OF_ONE + 1)))
            for name in parameters
            if name.startswith(MOST)
        ]
        question = cls(
            picture=read(cls.picture, _number, "picture", cls.picture, range(101)),
            k=read(cls.k, _number, "k", cls.k, STEPS),
            space=OLD_SPACES.get(space, space),
            where=_by_column(parameters, WHERE),
            refused=_by_column(parameters, NOT),
            ranges=tuple(
                (name.removeprefix(RANGE), limits)
                for name in parameters
                if name.startswith(RANGE) and (limits := read("", _range, name))
            ),
            at_most=tuple(pair for pair in most if pair[1]),
            hide_variants=read(cls.hide_variants, _variants),
            diversity=read(cls.diversity, _number, "diversity", cls.diversity, range(101)),
            rules=not read(not cls.rules, _flag, "rules", "off"),
            weak=read(cls.weak, _flag, "weak", "show"),
            why=read("", _one, "why"),
            **lists,
        )
        return question, trouble


def _without(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(one for one in values if one != value)


def _by_column(
    parameters: Mapping[str, Sequence[str]], beginning: str
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Column and values of the parameters that begin so."""
    return tuple(
        (name.removeprefix(beginning), tuple(dict.fromkeys(values)))
        for name, values in parameters.items()
        if name.startswith(beginning) and values
    )


def _range(parameters: Mapping[str, Sequence[str]], name: str) -> str:
    limits = _one(parameters, name)
    range_of(limits)  # a link that says no range is refused here
    return limits


def _one(parameters: Mapping[str, Sequence[str]], name: str) -> str:
    values = parameters.get(name) or [""]
    if len(values) > 1:
        raise InputError(f"the link says {name} {len(values)} times; expected once.")
    return values[0]


def _variants(parameters: Mapping[str, Sequence[str]]) -> bool:
    """Whether variants are hidden, as they usually are; old links say so."""
    value = _one(parameters, "variants")
    if value not in ("", "hide", "show"):
        raise InputError(f"the link says variants={value}; expected variants=show or nothing.")
    return value != "show"


def _flag(parameters: Mapping[str, Sequence[str]], name: str, word: str) -> bool:
    value = _one(parameters, name)
    if value not in ("", word):
        raise InputError(f"the link says {name}={value}; expected {name}={word} or nothing.")
    return value == word


def _number(
    parameters: Mapping[str, Sequence[str]], name: str, default: int, among: range | tuple[int, ...]
) -> int:
    text = _one(parameters, name) or str(default)
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else -1
    if number not in among:
        expected = (
            f"a number from {among[0]} to {among[-1]}"
            if isinstance(among, range)
            else f"one of {', '.join(map(str, among))}"
        )
        raise InputError(f"the link says {name}={text}; expected {expected}.")
    return number
