"""Every name of a store: its stages and their files. Writers and readers take them from here."""

from __future__ import annotations

#: Names the published snapshot; beside every object's files: what they are and what they were made from.
CURRENT, MANIFEST = "current", "manifest.json"

#: Files of the catalogue stage: the products, what was refused and why, the counts, the repaired table.
PRODUCTS, REJECTS, SUMMARY, CLEANED = (
    "products.parquet",
    "rejects.parquet",
    "summary.json",
    "styles_cleaned.csv",
)

#: Files of the pictures stage: all pictures one behind the other, and where each begins and how long it is.
PICTURES, OFFSETS = "pictures.bin", "offsets.npy"

#: Files of embeddings and of spaces: the vectors, the product ids they belong to, which products have one.
VECTORS, IDS, PRESENT = "vectors.npy", "ids.npy", "present.npy"

#: The FAISS index of a space; an exact one has no file.
INDEX = "index.faiss"

#: Files of the split stage: the family and the side of each product, the perceptual hashes and whose they are.
FAMILY, SIDE, HASHES, HASHED = "family.npy", "side.npy", "hashes.npy", "hashed.npy"

#: Which vector each product's words have in each form.
WHERE = "where.npy"

#: What the learned space multiplies words that ask alone by.
EMPHASIS = "emphasis.npy"

#: The stages a readable store has.
STAGES = ("catalogue", "pictures", "text", "image", "paper", "index", "graph")

#: The stages it may have beyond them.
FURTHER = ("split", "words", "towers", "shared", "shared_index", "shared_graph", "atlas", "regions")

#: Space → its index and its graph, the default first; only "paper" is always there.
SPACES = {"shared": ("shared_index", "shared_graph"), "paper": ("index", "graph")}
