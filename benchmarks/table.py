"""Put the table of the latest full run into the README: ``python -m benchmarks.table``."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.figures import markdown

PROJECT = Path(__file__).parent.parent
BEGIN, END = "<!-- bench: written by python -m benchmarks.table -->", "<!-- /bench -->"


def with_table(text: str, table: str) -> str:
    """The text with what lies between the two marks replaced.

    Raises:
        ValueError: the marks are not there.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"expected the lines {BEGIN} and {END}; put them where the table belongs")
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def main() -> None:
    """Read the results, write the README."""
    results = json.loads((PROJECT / "benchmarks/results/bench.json").read_text(encoding="utf-8"))
    readme = PROJECT / "README.md"
    readme.write_text(with_table(readme.read_text(encoding="utf-8"), markdown(results)), encoding="utf-8")


if __name__ == "__main__":
    main()
