"""The daily questions of a range, answered from the catalogue alone: each function returns a table."""
