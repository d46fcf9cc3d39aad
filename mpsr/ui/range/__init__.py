"""The Range page: a view a question of a range."""
