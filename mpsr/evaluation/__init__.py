"""How good the neighbours are, on products never seen."""
