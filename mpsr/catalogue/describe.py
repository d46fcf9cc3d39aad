"""What a table was taken for, in a line for who started the reading."""

from __future__ import annotations

from mpsr.catalogue.columns import Columns
from mpsr.catalogue.formats import header_of
from mpsr.catalogue.located import Located
from mpsr.catalogue.mapping import OPTION, Mapping
from mpsr.catalogue.rows import Row

#: Our columns as they are called here.
CALLED = {
    "productDisplayName": "title",
    "masterCategory": "category",
    "subCategory": "subcategory",
    "articleType": "type",
    "baseColour": "colour",
    "variant_of": "variants",
}


def taken_for(located: Located) -> str:
    """Which export a table is, and which of its columns is read as what: ``title ← Title, colour ← Option1 Value``."""
    mapping = located.mapping
    if mapping is None:
        return f"{located.table} is read as Kaggle's Fashion Product Images"
    names = header_of(located.source, located.table, mapping.encoding, mapping.delimiter)
    columns = Columns(Row(1, {name: name for name in names}), mapping, located.table)
    read = [
        f"{CALLED.get(ours, ours)} ← {_sources(theirs, mapping)}"
        for ours, theirs in columns.used.items()
        if theirs
    ]
    if mapping.path and (column := columns.name_of(mapping.path.column)):
        read.append(f"category and type ← {column}")
    if (variants := columns.variants()) and "variant_of" not in columns.used:
        read.append(f"variants ← {variants.of}")
        read += [f"picture ← {variants.pictures}"] if variants.pictures else []
    kind = mapping.preset or "mapped"
    return f"{located.table} is read as {kind}: {', '.join(read)}"


def _sources(theirs: tuple[str, ...], mapping: Mapping) -> str:
    """A column's sources in words; an option is named by the column its values stand in."""
    named = []
    for one in theirs:
        if one.startswith(OPTION):
            named += list(mapping.options.values())[:1]
        else:
            named.append(one)
    return " or ".join(dict.fromkeys(named))
