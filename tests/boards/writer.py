"""Run as a program: adds products to a board one by one and says each one that is safe. Killed in the middle of it.

python -m tests.boards.writer URL BOARD PREFIX COUNT
"""

import sys

from mpsr.boards import Boards, Key


def main(url: str, board: str, prefix: str, count: str) -> None:
    boards = Boards(url)
    for number in range(int(count)):
        product = f"{prefix}{number}"
        boards.add(board, "shop", {product: f"Product {product}"})
        boards.note_item(board, Key("shop", product), f"note {product}", seen="")
        boards.move(board, Key("shop", product), "first")
        print(product, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
