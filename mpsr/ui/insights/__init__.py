"""The Insights page: what is selected, the views and the links into them."""
