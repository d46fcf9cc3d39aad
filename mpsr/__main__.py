"""``python -m mpsr``."""

from mpsr.cli import main

main()
