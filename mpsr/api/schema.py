"""JSON schemas of the library's own documents, read off their types, so that no field is written down twice."""

from __future__ import annotations

import types
from typing import Any, NotRequired, Required, Union, get_args, get_origin, get_type_hints, is_typeddict

import typing_extensions
from pydantic import ConfigDict

#: Where a reference to a schema points in an OpenAPI document.
REFERENCE = "#/components/schemas/{model}"


def model_of(document: Any) -> Any:
    """A document's TypedDict as pydantic takes it, "Document" left out of its name and of those it consists of.

    Every field may be left out and none may be added: what a reader of requests accepts.
    """
    return _rebuilt(document)


def reference(document: Any) -> dict[str, str]:
    """A reference to the document's schema."""
    return {"$ref": REFERENCE.format(model=_name(document))}


def _name(document: Any) -> str:
    return str(document.__name__).removesuffix("Document")


def _rebuilt(kind: Any) -> Any:
    """The type with every TypedDict made by typing_extensions: pydantic takes no other before Python 3.12."""
    if is_typeddict(kind):
        hints = {name: _rebuilt(hint) for name, hint in get_type_hints(kind, include_extras=True).items()}
        make: Any = typing_extensions.TypedDict  # known only when it runs
        made = make(_name(kind), hints, total=False)
        made.__doc__ = kind.__doc__
        made.__pydantic_config__ = ConfigDict(extra="forbid")
        return made
    origin, inner = get_origin(kind), tuple(_rebuilt(one) for one in get_args(kind))
    if origin is None or not inner:
        return kind
    if origin in (NotRequired, Required):
        return inner[0]
    if origin in (Union, types.UnionType):
        return Union[inner]  # noqa: UP007 - of a tuple
    return origin[inner]
