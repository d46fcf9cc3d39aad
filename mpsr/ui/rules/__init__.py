"""Rules in the app: the store under them, and the page that shows what they do."""
