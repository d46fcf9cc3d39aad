"""Daily questions of a range, answered from the catalogue alone: a file a question, each returns a table."""
