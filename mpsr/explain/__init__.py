"""Why a product is among the results: shares, attributes, words, and where in the pictures."""
