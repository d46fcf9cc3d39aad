"""`python -m demo --to DIR [--products 1500] [--seed 1]`: draw a demo catalogue."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from demo.generate import generate
from mpsr.demo import DEMO_PRODUCTS, DEMO_SEED


def main(arguments: list[str] | None = None) -> int:
    """Parse the arguments and draw."""
    parser = argparse.ArgumentParser(
        prog="python -m demo", description="Draw a catalogue of products that do not exist.",
    )
    parser.add_argument(
        "--to", type=Path, required=True, help="the folder to write styles.csv and images/ to",
    )
    parser.add_argument(
        "--products", type=int, default=DEMO_PRODUCTS, help="how many products (default: %(default)s)",
    )
    parser.add_argument(
        "--seed", type=int, default=DEMO_SEED,
        help="another seed draws other products (default: %(default)s)",
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        made = generate(options.to, options.products, options.seed)
    except RuntimeError as error:
        logging.error("%s", error)
        return 1
    logging.info("%d products in %s", len(made), options.to)
    return 0


if __name__ == "__main__":
    sys.exit(main())
