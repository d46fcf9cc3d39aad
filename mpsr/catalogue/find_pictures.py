"""Which files of a source are a product's pictures: as its table names them, or by its id.

A name is followed to the letter first. Where that leads nowhere, the file is looked for by a forgiving rule, and taken
only where there is no doubt: one file fits, and no other name has a better claim to it. Only files of the source can be
found, so that neither an id nor a name leads outside.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

from mpsr.catalogue.located import PICTURE_SUFFIXES, Located, is_picture
from mpsr.catalogue.url_names import file_stem
from mpsr.catalogue.values import is_missing

_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//[^/]*", re.IGNORECASE)
_URL = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_DRIVE = re.compile(r"[a-z]:(?=/)", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"\s*[,;|\n]\s*")
_BETWEEN_URLS = re.compile(r"[\s,;|]+(?=(?:https?:)?//)", re.IGNORECASE)
_IN_QUOTES = re.compile(r"""(["'])(.+?)\1""")
_FILE = re.compile(r".*\.\w{2,5}(?:[?#].*)?")


#: Why a picture that is named by URL is not there.
BY_URL = "named by URL; run mpsr fetch pictures"


@dataclass(frozen=True)
class Lost:
    """A picture that is named and was not found: a constant phrase that can be counted, and what exactly came."""

    reason: str
    detail: str


@dataclass(frozen=True)
class Found:
    """A product's pictures in the order they are named, as members of the source, and those that were not found."""

    members: tuple[str, ...]
    lost: tuple[Lost, ...] = ()


@dataclass(frozen=True)
class _Claim:
    """A file that a name leads to; ``sure`` where the name says so, upper and lower case and spelling aside."""

    member: str
    path: tuple[str, ...]
    sure: bool


def find_pictures(located: Located, ids: Sequence[str], named: Sequence[Sequence[str]]) -> list[Found]:
    """The pictures of every product.

    Args:
        located: the catalogue.
        ids: the N product ids.
        named: for each product the cells of its table that name pictures.
    """
    if located.by_id:
        return _by_id(located, ids)
    finder = _Finder(located)
    pattern = (located.mapping.pictures if located.mapping else None) or ""
    wanted = [
        finder.names(cells) or ([pattern.replace("{id}", product)] if "{id}" in pattern else [])
        for product, cells in zip(ids, named, strict=True)
    ]
    outcomes = finder.follow({name for names in wanted for name in names})
    return [_gathered([outcomes[name] for name in names]) for names in wanted]


def urls_in(located: Located, named: Sequence[Sequence[str]]) -> list[str]:
    """The URLs among the cells that name pictures, each once, but for those that lead to a file of the source's own."""
    finder = _Finder(located)
    names = dict.fromkeys(name for cells in named for name in finder.names(cells))
    outcomes = finder.follow(name for name in names if _URL.match(name))
    return [
        name
        for name, outcome in outcomes.items()
        if (isinstance(outcome, Lost) and outcome.reason == BY_URL) or finder.downloaded(name)
    ]


def _gathered(outcomes: Iterable[str | Lost]) -> Found:
    outcomes = list(dict.fromkeys(outcomes))
    members = tuple(one for one in outcomes if isinstance(one, str))
    return Found(members, tuple(one for one in outcomes if isinstance(one, Lost)))


def same(text: str) -> str:
    """A name as it is compared: composed and decomposed accents, upper and lower case are the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


class _Finder:
    """The files of a source by their names."""

    def __init__(self, located: Located) -> None:
        self.root = located.table_folder
        self.members = located.members
        self._by_path: dict[str, list[str]] = defaultdict(list)
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        for member in sorted(located.candidates()):
            path = PurePosixPath(same(member))
            self._by_path[str(path)].append(member)
            self._by_name[path.name].append(member)
            if path.suffix in PICTURE_SUFFIXES:
                self._by_stem[path.stem].append(member)

    def names(self, cells: Iterable[str]) -> list[str]:
        """The single names in a product's cells, in order, each once."""
        return list(
            dict.fromkeys(name for cell in cells if not is_missing(cell) for name in self._split(cell))
        )

    def _split(self, cell: str) -> list[str]:
        """The names in a cell; separators may be part of one, where a file is called so."""
        if cell.startswith("[") and (
            quoted := _IN_QUOTES.findall(cell)
        ):  # a list as JSON or Python writes it
            return [name.replace("\\/", "/") for _, name in quoted]
        if isinstance(claim := self._follow(cell), _Claim) and claim.sure:
            return [cell]
        if _URL.match(cell):
            return [name.strip(" ,;|") for name in _BETWEEN_URLS.split(cell)]
        parts = [part for part in _BETWEEN_NAMES.split(cell) if part]
        return parts if all(_FILE.fullmatch(part) for part in parts) else [cell]

    def follow(self, names: Iterable[str]) -> dict[str, str | Lost]:
        """Where each name leads: a file, or why to none."""
        outcomes = {name: self._follow(name) for name in sorted(names)}
        claims: dict[str, list[_Claim]] = defaultdict(list)
        for outcome in outcomes.values():
            if isinstance(outcome, _Claim):
                claims[outcome.member].append(outcome)
        return {
            name: outcome if isinstance(outcome, Lost) else _settled(name, outcome, claims[outcome.member])
            for name, outcome in outcomes.items()
        }

    def downloaded(self, name: str) -> str | None:
        """The file that holds what was downloaded from a URL; None where it was not."""
        there = self._by_stem.get(file_stem(name), ()) if _URL.match(name) else ()
        return there[0] if there else None

    def _follow(self, name: str) -> _Claim | Lost:
        if fetched := self.downloaded(name):
            return _Claim(fetched, PurePosixPath(fetched).parts, sure=True)
        member = f"{self.root}{PurePosixPath(name)}"
        if member in self.members:
            return _Claim(member, PurePosixPath(member).parts, sure=True)
        for spelling in dict.fromkeys(
            (name, re.split(r"[?#]", name)[0], unquote(re.split(r"[?#]", name)[0]))
        ):
            rooted, path = _path(spelling)
            there = [
                *self._by_path.get(same(posixpath.normpath(f"{self.root}{path}")), ()),
                *self._by_path.get(same(path), ()),
            ]
            there = list(dict.fromkeys(there))
            parts = PurePosixPath(same(path)).parts
            if len(there) == 1:
                return _Claim(there[0], PurePosixPath(same(there[0])).parts, sure=True)
            if not parts:
                continue
            near = there or self._near(parts, rooted)
            if len(near) == 1:
                return _Claim(near[0], parts, sure=False)
            if near:
                return Lost("picture ambiguous", f"{name} may be {' or '.join(near[:3])}")
        if _URL.match(name):
            return Lost(BY_URL, name)
        return Lost("picture not found", name)

    def _near(self, parts: tuple[str, ...], rooted: bool) -> list[str]:
        """The files that fit a path best: of its name, or of its name with another ending."""
        path = PurePosixPath(*parts)
        stem = path.stem if path.suffix in PICTURE_SUFFIXES else path.name
        for candidates in (self._by_name.get(path.name, ()), self._by_stem.get(stem, ())):
            fitting = {member: _agreement(parts, member, rooted) for member in candidates}
            best = max(fitting.values(), default=-1)
            if best >= 0:
                return [member for member, agreement in fitting.items() if agreement == best]
        return []


def _path(name: str) -> tuple[bool, str]:
    """Whether what a path begins with is of another machine, and the path without that."""
    path = name.strip().replace("\\", "/")
    rest = _DRIVE.sub("", _SCHEME.sub("", path, count=1), count=1)
    rooted = rest != path or rest.startswith("/")
    plain = posixpath.normpath(rest.lstrip("/"))
    outside = plain.startswith("../")
    return rooted or outside, re.sub(r"^(\.\./)+", "", plain) if plain != "." else ""


def _agreement(parts: tuple[str, ...], member: str, rooted: bool) -> int:
    """How many folders above the file a path and a member share; -1 where a folder contradicts.

    A path of this catalogue must end as the member does, or the member as the path does; the beginning of one of another
    machine says nothing.
    """
    here, there = parts[-2::-1], PurePosixPath(same(member)).parts[-2::-1]
    shared = 0
    for one, other in zip(here, there, strict=False):
        if one != other:
            break
        shared += 1
    return shared if rooted or shared == min(len(here), len(there)) else -1


def _settled(name: str, claim: _Claim, claims: list[_Claim]) -> str | Lost:
    """The file of a claim that no other contradicts."""
    if claim.sure:
        return claim.member
    for other in claims:
        tail = min(len(claim.path), len(other.path))
        if claim.path[-tail:] != other.path[-tail:]:
            return Lost("picture ambiguous", f"{name} would be {claim.member}, which another name fits too")
    return claim.member


def _by_id(located: Located, ids: Sequence[str]) -> list[Found]:
    """Pictures that are called after their product's id, in the folder of pictures or in one below it."""
    root = located.picture_root
    pictures = [name for name in located.candidates() if name.startswith(root) and is_picture(name)]
    exact = {name.removeprefix(root).rpartition(".")[0]: name for name in sorted(pictures, reverse=True)}
    near: dict[str, list[str]] = defaultdict(list)
    numbers: dict[int, list[str]] = defaultdict(list)
    for stem in sorted(exact):
        near[same(PurePosixPath(stem).name)].append(exact[stem])
        if (number := PurePosixPath(stem).name).isdecimal():
            numbers[int(number)].append(exact[stem])
    claimed = {exact[product] for product in ids if product in exact}

    def find(product: str) -> Found:
        if product in exact:
            return Found((exact[product],))
        named = [member for member in near.get(same(product), ()) if member not in claimed]
        if not named and product.isdecimal():  # leading zeros are lost where ids are read as numbers
            named = [member for member in numbers.get(int(product), ()) if member not in claimed]
        if len(named) > 1:
            return Found((), (Lost("picture ambiguous", f"{product} may be {' or '.join(named[:3])}"),))
        return Found(tuple(named))

    found = [find(product) for product in ids]
    return _once(found)


def _once(found: list[Found]) -> list[Found]:
    """Pictures found by id: one that two products would share belongs to neither for sure."""
    owners: dict[str, int] = defaultdict(int)
    for one in found:
        for member in one.members:
            owners[member] += 1
    return [
        one
        if all(owners[member] == 1 for member in one.members)
        else Found((), (Lost("picture ambiguous", f"{one.members[0]} fits more than one id"),))
        for one in found
    ]
