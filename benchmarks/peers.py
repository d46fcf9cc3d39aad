"""The same encoding as others would write it: sentence-transformers for texts, a batched torch loop for pictures."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import torch
import torchvision
from PIL import Image

from benchmarks.models import TEXT_FOLDER, load_resnet
from mpsr.catalogue import Policies, read_catalogue
from mpsr.catalogue.pictures import MAX_BYTES, decode_picture
from mpsr.catalogue.source import open_source
from mpsr.encoders.profiles import BERT
from mpsr.encoders.text import product_texts

BATCH = 32


class Pictures(torch.utils.data.Dataset[torch.Tensor]):
    """The catalogue's pictures, decoded and brought to the network's input."""

    def __init__(self, source: Path, limit: int) -> None:
        products = read_catalogue(source, Policies(limit=limit), check_pictures=False).products
        opened = open_source(source)
        members = products["picture"].dropna()
        self.files = [opened.read(member, MAX_BYTES) for member in members]
        self.transforms: Any = torchvision.models.ResNet50_Weights.IMAGENET1K_V1.transforms()

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, place: int) -> torch.Tensor:
        picture: Image.Image = decode_picture(self.files[place])
        return self.transforms(picture)


@torch.inference_mode()
def loader(source: Path, limit: int, models: Path) -> dict[str, float]:
    """A plain DataLoader in batches, float32."""
    resnet = load_resnet(models)
    pictures = Pictures(source, limit)
    began = time.perf_counter()
    for batch in torch.utils.data.DataLoader(pictures, BATCH, num_workers=1):
        torch.nn.functional.normalize(resnet(batch), dim=1).numpy()
    return {"pictures/s": len(pictures) / (time.perf_counter() - began)}


def sentences(source: Path, limit: int, models: Path) -> dict[str, float]:
    """``SentenceTransformer.encode`` as it comes, on the same texts and weights."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers import models as modules

    products = read_catalogue(source, Policies(limit=limit), check_pictures=False).products
    texts = product_texts(products, BERT)
    words = modules.Transformer(str(models / TEXT_FOLDER), max_seq_length=BERT.max_tokens)
    pooling = modules.Pooling(words.get_embedding_dimension(), pooling_mode="cls")
    encoder = SentenceTransformer(modules=[words, pooling], device="cpu")
    began = time.perf_counter()
    encoder.encode(texts, batch_size=64, normalize_embeddings=True, show_progress_bar=False)
    return {"texts/s": len(texts) / (time.perf_counter() - began)}
