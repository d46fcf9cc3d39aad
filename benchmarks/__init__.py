"""Speed and quality measured against peers, side by side in one run: ``python -m benchmarks``."""
