"""Rules as a TOML file. What is wrong in it is told with its line.

[[rule]]
action = "pin"                                # pin, boost, bury, exclude or require
products = ["1010"]                           # the results it is about: ids, or
slot = 1                                      # of pin: the place, from 1
for = { products = ["1005"] }                 # the queries it holds for; without, all

[[rule]]
name = "Summer sandals"                       # a note for people
action = "boost"
where = { articleType = ["Sandals"] }         # the results by their values, as a request's filters are written
amount = 0.05                                 # of boost and bury: how much of a score
for = { where = { season = ["Summer"] } }
from = 2026-06-01                             # both days count
until = 2026-08-31

[[rule]]
action = "require"
where = { gender = { same = true } }          # the query's own value
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mpsr.errors import InputError
from mpsr.search.conditions import where_of_json
from mpsr.search.rules import AMOUNT, Chosen, Rule, Rules

#: A file is larger than this by mistake.
MAX_BYTES, MAX_RULES = 1_000_000, 1000

KEYS = ("action", "products", "where", "for", "slot", "amount", "from", "until", "name")

#: Actions that a key is for, where it is not for all.
ONLY = {"slot": ("pin",), "amount": ("boost", "bury")}

_RULE = re.compile(r"^[ \t]*\[\[[ \t]*rule[ \t]*\]\]", re.M)


def read_rules(path: Path) -> Rules:
    """The rules of a file.

    Raises:
        InputError: it cannot be read, or a rule is wrong; the message names its line.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"the rules {path} cannot be read: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise InputError(f"the rules {path} are larger than {MAX_BYTES / 1e6:.0f} MB.")
    try:
        return rules_of(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path} is no TOML: {error}.") from error
    except InputError as error:
        raise InputError(f"{path}, {error}") from error


def rules_of(text: str) -> Rules:
    """The rules of a file's text.

    Raises:
        InputError: a rule is wrong; the message begins with its line.
        tomllib.TOMLDecodeError: it is no TOML.
    """
    content = tomllib.loads(text)
    if unknown := sorted(set(content) - {"rule"}):
        raise InputError(f"line 1: there is {unknown[0]!r}; expected [[rule]] and nothing else.")
    written = content.get("rule", [])
    if not isinstance(written, list) or not all(isinstance(one, dict) for one in written):
        raise InputError("line 1: rule is no list; expected [[rule]], in double brackets.")
    if len(written) > MAX_RULES:
        raise InputError(f"line 1: there are {len(written):,} rules; expected at most {MAX_RULES:,}.")
    lines = [text.count("\n", 0, found.start()) + 1 for found in _RULE.finditer(text)]
    if len(lines) != len(written):  # an inline array, or brackets within a text
        raise InputError("line 1: expected every rule to begin with a line [[rule]], and no other such line.")
    rules = tuple(_rule(one, line) for one, line in zip(written, lines, strict=True))
    return Rules(rules, hashlib.sha256(text.encode()).hexdigest())


def _rule(written: Mapping[str, Any], line: int) -> Rule:
    try:
        return _read(written, line)
    except InputError as error:
        raise InputError(f"line {line}: {error}") from error


def _read(written: Mapping[str, Any], line: int) -> Rule:
    if unknown := sorted(set(written) - set(KEYS)):
        raise InputError(f"a rule has no {unknown[0]!r}. Expected {', '.join(KEYS)}.")
    action = written.get("action")
    for key, actions in ONLY.items():
        if key in written and action not in actions:
            raise InputError(f"{key} is only for {' and '.join(actions)}, and the action is {action!r}.")
    queries = _typed(written, "for", dict, {})
    if unknown := sorted(set(queries) - {"products", "where"}):
        raise InputError(f"for has {unknown[0]!r}; expected products or where.")
    if "for" in written and not any(queries.values()):
        raise InputError("for names no queries. Leave it out for all queries.")
    return Rule(
        action,  # type: ignore[arg-type]  # checked there
        _chosen(written),
        _chosen(queries),
        _typed(written, "slot", int, 1),
        float(_typed(written, "amount", (int, float), AMOUNT)),
        _day(written, "from"),
        _day(written, "until"),
        _typed(written, "name", str, ""),
        line,
    )


def _chosen(written: Mapping[str, Any]) -> Chosen:
    ids = _typed(written, "products", list, [])
    if not all(isinstance(one, str) for one in ids):
        raise InputError(f'products are {ids}; expected a list of texts: products = ["1005"].')
    return Chosen(tuple(ids), _where(_typed(written, "where", dict, {})))


def _where(document: Mapping[str, Any]) -> dict[str, Any]:
    where = where_of_json(document)
    for column, said in where.items():
        if isinstance(said, list) and not (said and all(isinstance(value, str) for value in said)):
            raise InputError(f"the filter on {column} is {said!r}; expected a list of texts.")
    return dict(where)


def _typed(written: Mapping[str, Any], name: str, kind: type | tuple[type, ...], default: Any) -> Any:
    value = written.get(name, default)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise InputError(f"{name} is {value!r}, which is not of the expected type.")
    return value


def _day(written: Mapping[str, Any], name: str) -> date | None:
    value = written.get(name)
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise InputError(f"{name} is {value!r}; expected a day without quotes: {name} = 2026-06-01.")
