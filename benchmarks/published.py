"""The published recipe, written plainly: one item at a time, and the whole similarity matrix.

Each text is padded to 128 tokens and goes through BERT alone, each picture is brought to 224² and goes through
ResNet-50 alone, in float32; both are standardised and concatenated, and scikit-learn computes every cosine.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import torch
import torchvision
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.preprocessing import StandardScaler
from transformers import AutoModel, AutoTokenizer

from benchmarks.models import TEXT_FOLDER, load_resnet
from mpsr.catalogue import Policies, read_catalogue
from mpsr.catalogue.pictures import MAX_BYTES, decode_picture
from mpsr.catalogue.source import open_source
from mpsr.encoders.profiles import BERT
from mpsr.encoders.text import product_texts


@torch.inference_mode()
def run(source: Path, limit: int, models: Path) -> dict[str, float]:
    """Do it and time it: texts/s, pictures/s, seconds in all, the loading of the models left out."""
    catalogue = read_catalogue(source, Policies(limit=limit), check_pictures=False)
    products = catalogue.products[catalogue.products["picture"].notna()]
    tokenizer = AutoTokenizer.from_pretrained(models / TEXT_FOLDER)
    bert = AutoModel.from_pretrained(models / TEXT_FOLDER).eval()
    resnet = load_resnet(models)
    transforms = torchvision.models.ResNet50_Weights.IMAGENET1K_V1.transforms()
    opened = open_source(source)

    began = start = time.perf_counter()
    texts = []
    for text in product_texts(products, BERT):
        tokens = tokenizer(text, padding="max_length", truncation=True, max_length=128, return_tensors="pt")
        texts.append(torch.nn.functional.normalize(bert(**tokens).last_hidden_state[:, 0], dim=1)[0].numpy())
    text_seconds = time.perf_counter() - start

    start = time.perf_counter()
    images = []
    for member in products["picture"]:
        picture = decode_picture(opened.read(member, MAX_BYTES))
        images.append(torch.nn.functional.normalize(resnet(transforms(picture)[None]), dim=1)[0].numpy())
    image_seconds = time.perf_counter() - start

    blocks = [torch.from_numpy(StandardScaler().fit_transform(np.stack(part))) for part in (texts, images)]
    similarity = cosine_similarity(torch.cat(blocks, dim=1).numpy())
    np.fill_diagonal(similarity, -2)
    np.argsort(-similarity, axis=1)[:, :5]
    return {
        "products": len(products),
        "texts/s": len(products) / text_seconds,
        "pictures/s": len(products) / image_seconds,
        "seconds": time.perf_counter() - began,
    }
