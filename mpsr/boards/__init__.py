"""Boards: products collected by people, kept in a database, exported as a sheet or a table. No streamlit here."""

from mpsr.boards.boards import Boards
from mpsr.boards.types import Beside, Board, ConflictError, Item, Key, Listed

__all__ = ["Beside", "Board", "Boards", "ConflictError", "Item", "Key", "Listed"]
