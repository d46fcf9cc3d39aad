"""The product page: all about one product, beside the one that was asked for."""
