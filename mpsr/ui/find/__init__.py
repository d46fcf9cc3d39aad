"""The Find page: the query, its options, the results and their explanation."""
