"""Rows of product feeds: JSON, a document or a line a product, and XML as RSS and Atom."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from typing import Any

import orjson

from mpsr.catalogue.rows import Row, as_row, header_row, lines_of
from mpsr.catalogue.typed import plain_text
from mpsr.catalogue.types import Reject
from mpsr.errors import InputError

#: Elements that are a product, in RSS and in Atom.
PRODUCT_ELEMENTS = ("item", "entry")

#: Between several values of one field; names of pictures are told apart by it.
SEVERAL = "\n"

_NAMESPACE = re.compile(r"\{[^}]*\}")


def json_rows(text: str, name: str) -> Iterator[Row | Reject]:
    """Rows of a JSON array of objects, or of one object a line; the first item is the header's row.

    Raises:
        InputError: it is neither.
    """
    items = list(_array(text, name) if text.lstrip().startswith("[") else _lines(text))
    columns = list(dict.fromkeys(key for _, item in items if isinstance(item, dict) for key in item))
    if not columns:
        raise InputError(f"{name} holds no JSON objects. Expected an array of them, or one a line.")
    yield header_row(columns)
    for line, item in items:
        if isinstance(item, dict):
            yield as_row(line, columns, [_text(item.get(column)) for column in columns])
        else:
            yield Reject(
                line, "", "row", "blank line" if item is None else "no JSON object", str(item or "")[:100]
            )


def _array(text: str, name: str) -> Iterator[tuple[int, Any]]:
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InputError(f"{name} is not valid JSON: {error}.") from error
    for number, item in enumerate(document, start=2):
        yield number, item if isinstance(item, dict) else str(item)


def _lines(text: str) -> Iterator[tuple[int, Any]]:
    """The objects with the numbers of their lines; None for a blank one, its text for one that is no object."""
    for number, line in enumerate(lines_of(text), start=1):
        try:
            item = orjson.loads(line) if line.strip() else None
        except orjson.JSONDecodeError:
            item = line
        yield number, item if isinstance(item, dict) or item is None else line


def _text(value: Any) -> str:
    """A value as a cell; several are one a line, and what is nested deeper is not read."""
    if isinstance(value, list):
        return SEVERAL.join(_text(one) for one in value if not isinstance(one, dict | list))
    return "" if isinstance(value, dict) else plain_text(value)


def xml_rows(data: bytes, name: str) -> Iterator[Row | Reject]:
    """Rows of a feed as RSS or Atom, one ``item`` or ``entry`` each; the first product's line is 2.

    Prefixes are left out (``g:id`` is ``id``); a field that comes several times holds one value a line.

    Raises:
        InputError: it is no XML, defines entities, or holds no product.
    """
    if b"<!ENTITY" in data[:100_000]:
        raise InputError(f"{name} defines XML entities, which a feed has no need of; it was not read.")
    products: list[dict[str, str]] = []
    try:
        for _, element in ElementTree.iterparse(io.BytesIO(data)):
            if _NAMESPACE.sub("", element.tag) in PRODUCT_ELEMENTS:
                products.append(_fields(element))
                element.clear()
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise InputError(f"{name} is not valid XML: {error}.") from error
    if not products:
        raise InputError(f"{name} holds no <item> and no <entry>. Expected a product feed as RSS or Atom.")
    columns = list(dict.fromkeys(column for product in products for column in product))
    yield header_row(columns)
    for line, product in enumerate(products, start=2):
        yield as_row(line, columns, [product.get(column, "") for column in columns])


def _fields(element: ElementTree.Element) -> dict[str, str]:
    fields: dict[str, str] = {}
    for child in element:
        name, text = _NAMESPACE.sub("", child.tag), (child.text or child.get("href") or "").strip()
        if not len(child):
            fields[name] = f"{fields[name]}{SEVERAL}{text}" if fields.get(name) else text
    return fields
