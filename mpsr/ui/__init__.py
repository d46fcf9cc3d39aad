"""What the pages share: cached loaders, the product card, state in the address bar. Imports streamlit."""
