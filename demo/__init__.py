"""The code that draws the demo catalogue: products that do not exist.

    python -m demo --to DIR [--products 1500] [--seed 1]

The drawn catalogue lies under `assets/demo/` and is what the app opens; this folder is needed only to draw it again, or
another one with another seed (with the extra `mpsr[demo]` for skia). Nothing here imports skia until something is drawn.
"""
