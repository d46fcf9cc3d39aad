"""Index, similarity and the neighbour graph."""
