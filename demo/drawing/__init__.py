"""Vector drawings of products, one file for each group of them. Needs skia (the extra `mpsr[demo]`)."""
