"""A planted catalogue: vectors made from known labels, so that the right answer is known."""

import numpy as np

from mpsr.catalogue.split import Split
from mpsr.space.pairs import Pairs, TextForm


def planted(count=1500, seed=0, dimension=(24, 32), noise=0.6, shuffled=False, sentences=True):
    """Products of 6 types, 4 colours and 2 genders; words and pictures are noisy linear views of the labels.

    With ``shuffled`` the pictures belong to other products and the labels to others again: there is nothing to learn.
    """
    random = np.random.default_rng(seed)
    labels = np.stack([random.integers(0, n, count) for n in (6, 4, 2)], axis=1).astype(np.int64)
    hot = np.concatenate([np.eye(n)[labels[:, i]] for i, n in enumerate((6, 4, 2))], axis=1)
    secret = random.normal(size=(count, 6))  # what makes a product itself
    views = []
    for width in dimension:
        mixing = random.normal(size=(hot.shape[1] + 6, width))
        view = np.concatenate([2 * hot, secret], axis=1) @ mixing + noise * random.normal(size=(count, width))
        views.append((view / np.linalg.norm(view, axis=1, keepdims=True)).astype(np.float32))
    text, image = views
    side = np.where(
        np.arange(count) % 10 < 8, "train", np.where(np.arange(count) % 10 == 8, "validation", "test")
    )
    if shuffled:
        image, labels = image[random.permutation(count)], labels[random.permutation(count)]
    everything = np.arange(count)
    forms = {"catalogue": TextForm(text, everything), "title": TextForm(text, everything)}
    if sentences:
        forms["sentence"] = TextForm(text, everything)
    return Pairs(
        forms, image, np.ones(count, bool), labels, everything.copy(), Split(everything.copy(), side)
    )
