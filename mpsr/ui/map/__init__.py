"""The Map page: the map itself, the panel beside it and what is selected on it."""
