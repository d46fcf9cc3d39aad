"""What was learned from clicks, as one file in the store's folder. It outlives builds: it names products by their ids."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from mpsr.errors import StoreError
from mpsr.search.clicked import ClickModel
from mpsr.store.files import write_file
from mpsr.store.layout import CLICKS

#: Changes with what is in the file.
VERSION = 1

#: What reading a damaged file raises.
DAMAGE = (
    OSError, ValueError, KeyError, TypeError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error
)  # fmt: skip


def save_clicks(root: Path, model: ClickModel) -> Path:
    """Write the model into the store at ``root``, whole or not at all."""
    about = {"version": VERSION, "shrinkage": model.shrinkage, "confidence": model.confidence}
    out = io.BytesIO()
    np.savez_compressed(
        out,
        about=np.array(json.dumps(about)),
        ids=np.array(model.ids, dtype=np.str_),
        sessions=model.sessions,
        data=model.scores.data,
        indices=model.scores.indices,
        indptr=model.scores.indptr,
    )
    path = root / CLICKS
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    write_file(partial, out.getvalue())
    partial.replace(path)
    return path


def read_clicks(root: Path) -> ClickModel | None:
    """The model of the store at ``root``; None where nothing was learned.

    Raises:
        StoreError: it cannot be read.
    """
    path = root / CLICKS
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as found:
            about = json.loads(str(found["about"]))
            if about["version"] != VERSION:
                raise ValueError(f"version {about['version']}, expected {VERSION}")
            ids, sessions = tuple(found["ids"].tolist()), found["sessions"].astype(np.float64)
            shape = (len(ids), len(ids))
            scores = csr_matrix((found["data"], found["indices"], found["indptr"]), shape=shape)
            scores.check_format(full_check=True)
            if sessions.shape != (len(ids),) or not np.isfinite(scores.data).all():
                raise ValueError("its arrays do not agree")
            return ClickModel(ids, sessions, scores, float(about["shrinkage"]), float(about["confidence"]))
    except DAMAGE as error:
        raise StoreError(
            f"{path} cannot be read ({error}). Make it again with: mpsr learn-clicks, or remove it."
        ) from error
