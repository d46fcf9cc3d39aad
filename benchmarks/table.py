"""Write the table of the latest full run into ``benchmarks/README.md``: ``python -m benchmarks.table``."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.figures import markdown

FOLDER = Path(__file__).parent
README, RESULTS = FOLDER / "README.md", FOLDER / "results" / "bench.json"
BEGIN, END = "<!-- bench: written by python -m benchmarks.table -->", "<!-- /bench -->"


def with_table(text: str, table: str) -> str:
    """The text with everything between the two marks replaced.

    Raises:
        ValueError: a mark is missing.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"expected the lines {BEGIN} and {END}; put them where the table belongs")
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def main() -> None:
    """Read the results and write the page."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    README.write_text(with_table(README.read_text(encoding="utf-8"), markdown(results)), encoding="utf-8")


if __name__ == "__main__":
    main()
