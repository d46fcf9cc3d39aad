"""``python -m mpsr``."""

from mpsr.cli.main import main

main()
