"""The OpenAPI document as a page to read: one file of HTML, no script, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from markupsafe import Markup

#: The page's own styles, and nothing else.
CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; color: #1f2328 }
h2 { margin-top: 2.5rem; border-top: 1px solid #d1d9e0; padding-top: 1rem }
code, pre { font-family: ui-monospace, monospace }
h2 code { font-size: 1rem } pre { background: #f3f5f7; padding: .75rem; overflow: auto; font-size: .85rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .3rem .6rem }
th, td { border-bottom: 1px solid #d1d9e0 } nav li { margin: .15rem 0 } a { color: #0550ae }
@media (prefers-color-scheme: dark) {
  body { background: #111418; color: #e6e9ed } pre { background: #1c2127 } a { color: #79b8ff }
  h2, th, td { border-color: #39414a }
}
"""


def docs_page(document: Mapping[str, Any]) -> str:
    """The page of an OpenAPI document."""
    routes = [
        (method.upper(), path, route)
        for path, methods in document["paths"].items()
        for method, route in methods.items()
    ]
    links = Markup("").join(
        Markup('<li><a href="#{0}"><code>{1} {2}</code></a> {3}</li>').format(
            _anchor(method, path), method, path, _first_line(route)
        )
        for method, path, route in routes
    )
    schemas = document["components"]["schemas"]
    return Markup(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} API</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head><body>'
        "<h1>{title} API {version}</h1><p>{about}</p><nav><ul>{links}</ul></nav>{routes}{schemas}</body></html>"
    ).format(
        title=document["info"]["title"],
        version=document["info"]["version"],
        about=document["info"]["description"],
        style=Markup(_STYLE),
        links=links,
        routes=Markup("").join(_route(*route) for route in routes),
        schemas=Markup("").join(_schema(name, schemas[name]) for name in sorted(schemas)),
    )


def _route(method: str, path: str, route: Mapping[str, Any]) -> Markup:
    parts = [Markup("<p>{}</p>").format(route.get("description", ""))]
    if parameters := route.get("parameters"):
        rows = Markup("").join(_parameter(parameter) for parameter in parameters)
        head = Markup("<tr><th>Parameter</th><th>In</th><th>Type</th><th>Meaning</th></tr>")
        parts.append(Markup("<table>{}{}</table>").format(head, rows))
    if body := route.get("requestBody"):
        for kind, said in body["content"].items():
            parts.append(Markup("<p>Body, <code>{}</code>: {}</p>").format(kind, _type(said["schema"])))
    for status, said in route["responses"].items():
        for kind, content in said.get("content", {}).items():
            line = Markup("<p>Answer {}, <code>{}</code>: {}</p>")
            parts.append(line.format(status, kind, _type(content.get("schema", {}))))
    heading = Markup('<h2 id="{}"><code>{} {}</code></h2>').format(_anchor(method, path), method, path)
    return heading + Markup("").join(parts)


def _parameter(parameter: Mapping[str, Any]) -> Markup:
    schema = parameter["schema"]
    default = f" Default: {schema['default']}." if schema.get("default") is not None else ""
    needed = " Required." if parameter.get("required") else ""
    return Markup("<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}{}{}</td></tr>").format(
        parameter["name"], parameter["in"], _type(schema), parameter.get("description", ""), default, needed
    )


def _schema(name: str, schema: Mapping[str, Any]) -> Markup:
    rows = Markup("").join(
        Markup("<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>").format(
            field, _type(said), said.get("description", "")
        )
        for field, said in schema.get("properties", {}).items()
    )
    table = Markup("<table><tr><th>Field</th><th>Type</th><th>Meaning</th></tr>{}</table>").format(rows)
    about = Markup("<p>{}</p>").format(schema.get("description", ""))
    return Markup('<h2 id="schema-{0}">{0}</h2>').format(name) + about + table


def _type(schema: Mapping[str, Any]) -> Markup:
    """The type in a few words; named ones link to their table."""
    return Markup(" or ").join(dict.fromkeys(_types(schema))) or Markup("anything")


def _types(schema: Mapping[str, Any]) -> Iterator[Markup]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield Markup('<a href="#schema-{0}">{0}</a>').format(name)
    for choice in schema.get("anyOf", []):
        yield from _types(choice)
    kind = schema.get("type")
    if kind == "array":
        yield Markup("list of {}").format(_type(schema.get("items", {})))
    elif kind == "object" and schema.get("properties"):
        fields = [
            Markup("<code>{}</code>: {}").format(name, _type(said))
            for name, said in schema["properties"].items()
        ]
        yield Markup("object with ") + Markup(", ").join(fields)
    elif kind == "object":
        values = schema.get("additionalProperties")
        yield (
            Markup("object of {}").format(_type(values)) if isinstance(values, Mapping) else Markup("object")
        )
    elif kind:
        limits = {name: schema[name] for name in ("minimum", "maximum", "enum") if name in schema}
        yield Markup("{}{}").format(kind, f" {orjson.dumps(limits).decode()}" if limits else "")


def _first_line(route: Mapping[str, Any]) -> str:
    return str(route.get("description", "")).partition("\n")[0]


def _anchor(method: str, path: str) -> str:
    return f"{method}-{path}".replace("/", "-").replace("{", "").replace("}", "").replace(":path", "")
