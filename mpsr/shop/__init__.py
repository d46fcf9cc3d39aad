"""What a shop takes from a store: a feed of every product's neighbours."""
