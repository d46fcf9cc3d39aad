"""Known exports, a file each: the columns that tell one, and the mapping that reads it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from mpsr.catalogue.mapping import IN_BRACES, OPTION, PICTURE, Mapping, mapping_of
from mpsr.catalogue.types import ID, NAME

#: The preset for a table that is none of the others.
ANY = "any"


@dataclass(frozen=True)
class Preset:
    """A known export: its file's name, what it is called, the columns that tell it, and how it is read."""

    name: str
    title: str
    signs: tuple[str, ...]
    mapping: Mapping


@cache
def presets() -> tuple[Preset, ...]:
    """All known exports, those with the most signs first."""
    found = [_preset(path) for path in sorted(Path(__file__).parent.glob("*.toml"))]
    return tuple(sorted(found, key=lambda preset: (-len(preset.signs), preset.name)))


def _preset(path: Path) -> Preset:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    title, signs = content.pop("title"), tuple(content.pop("signs"))
    return Preset(
        path.stem, title, signs, replace(mapping_of(content, f"the preset {path.name}"), preset=title)
    )


def recognised(columns: Sequence[str]) -> Mapping | None:
    """How a table of these columns is read; None where it is no known export, nor has an id and a name."""
    there = {name.casefold() for name in columns}
    for preset in presets():
        if preset.name != ANY and {sign.casefold() for sign in preset.signs} <= there:
            return preset.mapping
    return _narrowed(next(preset.mapping for preset in presets() if preset.name == ANY), there)


def _narrowed(mapping: Mapping, there: set[str]) -> Mapping | None:
    """The mapping for any table with one column for each of ours (of pictures all), and each column for one."""
    chosen: dict[str, str | tuple[str, ...]] = {}
    taken: set[str] = set()
    for ours in mapping.columns:
        known = [one for one in mapping.theirs(ours) if one.casefold() in there - taken]
        if known:
            chosen[ours] = tuple(known) if ours == PICTURE else known[0]
            taken |= {one.casefold() for one in (known if ours == PICTURE else known[:1])}
    return replace(mapping, columns=chosen) if ID in chosen and NAME in chosen else None


def as_toml(mapping: Mapping, table: str, columns: Sequence[str]) -> str:
    """A mapping as the TOML file that reads the same, without what a table of these columns does not have."""
    there = {name.casefold(): name for name in columns}
    lines = [f"# {table}, read as {mapping.preset or 'mapped'}", f"table = {_quoted(table)}"]
    for name in ("pictures", "delimiter", "encoding"):
        if value := getattr(mapping, name):
            lines.append(f"{name} = {_quoted(value)}")
    if mapping.blank:
        lines.append(f"blank = {_list(mapping.blank)}")
    if numbers := [there[name.casefold()] for name in mapping.numbers if name.casefold() in there]:
        lines.append(f"numbers = {_list(numbers)}")
    lines += ["", "[columns]"]
    for ours in mapping.columns:
        theirs = [one for one in (_present(one, there, mapping) for one in mapping.theirs(ours)) if one]
        if theirs:
            lines.append(f"{ours} = {_quoted(theirs[0]) if len(theirs) == 1 else _list(theirs)}")
    for ours, words in mapping.values.items():
        lines += [
            "",
            f"[values.{ours}]",
            *(f"{_quoted(name)} = {_quoted(value)}" for name, value in words.items()),
        ]
    if mapping.path and mapping.path.column.casefold() in there:
        lines += ["", "[path]", f"column = {_quoted(there[mapping.path.column.casefold()])}"]
        lines.append(f"separator = {_quoted(mapping.path.separator)}")
    options = [
        (there.get(name.casefold()), there.get(value.casefold())) for name, value in mapping.options.items()
    ]
    if pairs := [f"{_quoted(name)} = {_quoted(value)}" for name, value in options if name and value]:
        lines += ["", "[options]", *pairs]
    return "\n".join([*lines, *_variants(mapping, there)]) + "\n"


def _variants(mapping: Mapping, there: dict[str, str]) -> list[str]:
    """The lines of the table [variants]."""
    variants = mapping.variants
    if variants is None or variants.of.casefold() not in there:
        return []
    lines = ["", "[variants]", f"of = {_quoted(there[variants.of.casefold()])}"]
    for name, columns in (("own", variants.own), ("fill", variants.fill), ("needs", variants.needs)):
        if known := [there[column.casefold()] for column in columns if column.casefold() in there]:
            lines.append(f"{name} = {_list(known)}")
    for name, column in (("pictures", variants.pictures), ("order", variants.order)):
        if column.casefold() in there:
            lines.append(f"{name} = {_quoted(there[column.casefold()])}")
    return lines


def _present(theirs: str, there: dict[str, str], mapping: Mapping) -> str | None:
    """A source of a column as this table has it; None where it has none of it."""
    if theirs.casefold() in there:
        return there[theirs.casefold()]
    if theirs.startswith(OPTION):
        return theirs if any(name.casefold() in there for name in mapping.options) else None
    known = [name for name in IN_BRACES.findall(theirs) if name.casefold() in there]
    for name in known:
        theirs = theirs.replace(f"{{{name}}}", f"{{{there[name.casefold()]}}}")
    return theirs if known else None


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"
