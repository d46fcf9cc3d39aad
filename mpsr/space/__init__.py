"""From embeddings to the spaces that are searched."""
