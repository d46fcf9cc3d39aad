"""Every name of a store, once: its folders, its stages and their files. Writers and readers take them from here.

<store>/current                                      one line: the published snapshot
        snapshots/<fingerprint>.json                 stage → fingerprint
        objects/<stage>/<fingerprint>/               a stage's files and their manifest
        objects/segment/<fingerprint>/               embeddings by content, which every build of that model shares
        work/<stage>/<fingerprint>/                  shards and checkpoints of an unfinished stage
        reports/<snapshot>/                          evaluation reports
        clicks.npz                                   what was learned from clicks, by product id
        clicks-taken.parquet                         the choices it was learned from, sessions by a digest
"""

from __future__ import annotations

#: Files and folders of the store itself.
CURRENT, LOCK = "current", ".lock"

#: What was learned from clicks; it belongs to no build.
CLICKS = "clicks.npz"

#: The choices that were read for it, so that only newer ones are read next time.
CLICKS_TAKEN = "clicks-taken.parquet"
OBJECTS, WORK, SNAPSHOTS, REPORTS = "objects", "work", "snapshots", "reports"

#: Embeddings by the digest of what they encode; an object of its own kind, which is no stage of a snapshot.
SEGMENT = "segment"

#: What a source's files were found to be, so that a file whose stamp is the same is not read again; a cache.
SEEN_MEMBERS, SEEN_CATALOGUES = "seen-members.parquet", "seen-catalogues.json"

#: Beside every object's files: what they are and what they were made from.
MANIFEST = "manifest.json"


class Stage:
    """The stages of a build, in the order in which they are made; each is a folder below ``objects/``."""

    CATALOGUE = "catalogue"
    PICTURES = "pictures"
    TEXT = "text"
    IMAGE = "image"
    GENERATION = "generation"
    DRIFT = "drift"
    SPLIT = "split"
    PAPER = "paper"
    PAPER_INDEX = "paper_index"
    PAPER_GRAPH = "paper_graph"
    TEXT_FORMS = "text_forms"
    TOWERS = "towers"
    LEARNED = "learned"
    LEARNED_INDEX = "learned_index"
    LEARNED_GRAPH = "learned_graph"
    ATLAS = "atlas"
    REGIONS = "regions"


#: The stages that every readable store has.
REQUIRED = (
    Stage.CATALOGUE,
    Stage.PICTURES,
    Stage.TEXT,
    Stage.IMAGE,
    Stage.PAPER,
    Stage.PAPER_INDEX,
    Stage.PAPER_GRAPH,
)

#: The stages that a store may have as well.
OPTIONAL = (
    Stage.GENERATION,
    Stage.DRIFT,
    Stage.SPLIT,
    Stage.TEXT_FORMS,
    Stage.TOWERS,
    Stage.LEARNED,
    Stage.LEARNED_INDEX,
    Stage.LEARNED_GRAPH,
    Stage.ATLAS,
    Stage.REGIONS,
)

STAGES = frozenset((*REQUIRED, *OPTIONAL))

#: Space → its index and its graph, the default space first; only "paper" is always there.
SPACES = {
    Stage.LEARNED: (Stage.LEARNED_INDEX, Stage.LEARNED_GRAPH),
    Stage.PAPER: (Stage.PAPER_INDEX, Stage.PAPER_GRAPH),
}

#: Optional stage → the stages that it cannot be used without.
NEEDS = {
    Stage.LEARNED: (Stage.TOWERS, *SPACES[Stage.LEARNED]),
    Stage.ATLAS: (Stage.REGIONS,),
}

#: Files of the catalogue stage: the products, the rejects with their reasons, the counts, the repaired table.
PRODUCTS, REJECTS, SUMMARY, CLEANED = (
    "products.parquet",
    "rejects.parquet",
    "summary.json",
    "styles_cleaned.csv",
)

#: Files of the pictures stage: all pictures in one file, and the start and length of each product's first. Where products
#: have more than one: the row, start and length of each further picture, by row and in each product's order.
PICTURES, OFFSETS, FURTHER = "pictures.bin", "offsets.npy", "further.npy"

#: Files of embeddings and of spaces: the vectors, their product ids, and which products have a vector.
VECTORS, IDS, PRESENT = "vectors.npy", "ids.npy", "present.npy"

#: Beside the vectors of segments and embeddings: the SHA-256 of what each of them encodes. In a generation: of the text
#: and of the picture of each product.
DIGESTS = "digests.npy"

#: File of a generation beside ids, digests and scalers: the types, colours and genders that its products have.
KNOWN_LABELS = "known_labels.json"

#: Files of the split stage: each product's family and side, the perceptual hashes, and the rows they belong to.
FAMILY, SIDE, HASHES, HASHED = "family.npy", "side.npy", "hashes.npy", "hashed.npy"

#: File of a space: the norms of both blocks of each vector. Of the paper's space: its scalers. Of the learned space: the
#: factors of a query of text alone.
NORMS, SCALERS, EMPHASIS = "norms.npy", "scalers.safetensors", "emphasis.npy"

#: Files of an IVF index: the centres of its lists, and each vector's list. An exact index has no file.
LIST_CENTRES, LIST_OF = "centres.npy", "lists.npy"

#: Files of a neighbour graph: the three arrays of a sparse matrix in CSR form.
GRAPH = {"data": "data.npy", "indices": "indices.npy", "indptr": "indptr.npy"}

#: File of the text forms stage: which vector each product's text has in each form.
WHERE = "where.npy"

#: Files of the towers stage.
TOWERS_WEIGHTS, TOWERS_CONFIG = "towers.safetensors", "config.json"

#: While towers are trained, in the stage's work folder.
CHECKPOINT = "checkpoint.safetensors"

#: Files of the atlas stage (beside the ids) and of the regions stage.
COORDINATES, LABELS, REGIONS = "positions.npy", "labels.npy", "regions.json"

#: Of the atlas stage: which products were placed after the map was laid out.
ADDED = "added.npy"

#: Files of an evaluation report, and of the comparison with the published figures.
REPORT_JSON, REPORT_PAGE, REPRODUCTION_PAGE = "evaluation.json", "evaluation.md", "reproduce.md"
