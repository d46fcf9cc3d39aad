"""The camera: one product, drawn, lit and framed as a shop's photograph."""

from __future__ import annotations

from typing import Any

import numpy as np

from mpsr.demo.drawing.canvas import BLACK, HEIGHT, WHITE, WIDTH, Pen, argb, mix, rgb, skia
