"""A tiny catalogue, tiny models and a tiny store, so that a whole build takes about a second."""

from __future__ import annotations

import atexit
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

# Two test processes share two cores; a pool of threads in each would only get in the other's way.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Compiled models of the tests go where they go again.
os.environ["MPSR_CACHE"] = tempfile.mkdtemp(prefix="mpsr-tests-")
atexit.register(shutil.rmtree, os.environ["MPSR_CACHE"], ignore_errors=True)

import pytest
from PIL import Image

from mpsr.cli import main as cli
from tests.drawn import drawn, learned_store  # noqa: F401 - fixtures

HEADER = "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName"

COLOURS = {
    "Red": (200, 30, 30),
    "Blue": (30, 40, 190),
    "Green": (20, 150, 60),
    "Black": (15, 15, 15),
    "White": (250, 250, 250),
}
TYPES = {
    "Shirts": ("Apparel", "Topwear"),
    "Watches": ("Accessories", "Watches"),
    "Casual Shoes": ("Footwear", "Shoes"),
}
BRANDS = ("Alder", "Birch")


def picture_bytes(
    colour: tuple[int, ...] = (120, 60, 30),
    size: tuple[int, int] = (30, 40),
    mode: str = "RGB",
    kind: str = "JPEG",
    **options: object,
) -> bytes:
    """A one-coloured picture as a file's bytes."""
    out = io.BytesIO()
    Image.new(mode, size, colour if len(colour) > 1 else colour[0]).save(out, kind, **options)
    return out.getvalue()


def line(
    product: object, name: str = "Alder Men Blue Shirt", colour: str = "Blue", kind: str = "Shirts"
) -> str:
    """One line of a styles.csv."""
    master, sub = TYPES[kind]
    return f"{product},Men,{master},{sub},{kind},{colour},Summer,2012,Casual,{name}"


def write_catalogue(
    folder: Path, rows: Iterable[str] | bytes, pictures: Mapping[str, bytes] | Iterable[object] = ()
) -> Path:
    """A catalogue on disk.

    Args:
        folder: made when it is not there.
        rows: lines below the usual header, or the whole table's bytes.
        pictures: file name under images/ → bytes, or just the ids that get a picture.
    """
    (folder / "images").mkdir(parents=True, exist_ok=True)
    table = rows if isinstance(rows, bytes) else "".join(f"{text}\n" for text in (HEADER, *rows)).encode()
    (folder / "styles.csv").write_bytes(table)
    files = pictures if isinstance(pictures, Mapping) else {f"{p}.jpg": picture_bytes() for p in pictures}
    for name, data in files.items():
        (folder / "images" / name).write_bytes(data)
    return folder


def shop_rows() -> list[str]:
    """Thirty products: five colours, three types, two brands; ids from 101."""
    kinds = [(brand, kind, colour) for brand in BRANDS for kind in TYPES for colour in COLOURS]
    return [
        line(101 + number, f"{brand} Men {colour} {kind}", colour, kind)
        for number, (brand, kind, colour) in enumerate(kinds)
    ]


def shop_pictures() -> dict[str, bytes]:
    """A picture in the product's colour, in one of three shapes, for all but the last product."""
    pictures = {}
    for row in shop_rows()[:-1]:
        fields = row.split(",")
        out = io.BytesIO()
        photo = Image.new("RGB", (30, 40), (255, 255, 255))
        box = {"Shirts": (3, 3, 27, 37), "Watches": (11, 2, 19, 38), "Casual Shoes": (2, 22, 28, 36)}[
            fields[4]
        ]
        photo.paste(COLOURS[fields[5]], box)
        photo.save(out, "JPEG", quality=90)
        pictures[f"{fields[0]}.jpg"] = out.getvalue()
    return pictures


@pytest.fixture(scope="session", autouse=True)
def boards_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test touches the boards and events of who runs it, nor do the servers and commands it starts."""
    folder = tmp_path_factory.mktemp("boards")
    os.environ["MPSR_BOARDS_URL"] = f"sqlite:///{folder / 'boards.sqlite'}"
    os.environ["MPSR_EVENTS_URL"] = f"sqlite:///{folder / 'events.sqlite'}"


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of thirty products, 29 of them with a picture. Read it, do not change it."""
    return write_catalogue(tmp_path_factory.mktemp("shop"), shop_rows(), shop_pictures())


@pytest.fixture(scope="session")
def tiny_profile(tmp_path_factory: pytest.TempPathFactory):
    """A profile of real architectures with small random weights: a one-layer BERT and a ResNet-18."""
    from mpsr.encoders.profiles import Profile

    folder = tmp_path_factory.mktemp("models")
    return Profile("tiny", _tiny_bert(folder / "bert"), _tiny_resnet(folder / "resnet"))


def _tiny_bert(folder: Path):
    import torch
    from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import WordPiece
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    from mpsr.encoders.profiles import Origin, TextModel
    from mpsr.store import sha256_of

    words = [
        *BRANDS,
        *COLOURS,
        *TYPES,
        *(w for parts in TYPES.values() for w in parts),
        "men",
        "shirt",
        "casual",
        "shoes",
    ]
    pieces = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        *map(chr, range(97, 123)),
        *(f"##{chr(c)}" for c in range(97, 123)),
    ]
    vocabulary = {piece: n for n, piece in enumerate(dict.fromkeys([*pieces, *(w.lower() for w in words)]))}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special).save_pretrained(folder)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        config = BertConfig(
            vocab_size=len(vocabulary),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=64,
        )
        BertModel(config).save_pretrained(folder)
    files = ("model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json")
    origin = Origin("shipped", str(folder), files, sha256_of(folder / files[0]))
    return TextModel("tiny-bert", 16, "MIT", "mean", (origin,), max_tokens=64)


def _tiny_resnet(folder: Path):
    import torch
    import torchvision
    from safetensors.torch import save_file

    from mpsr.encoders.profiles import ImageModel, Origin
    from mpsr.store import sha256_of

    folder.mkdir()
    with torch.random.fork_rng():
        torch.manual_seed(1)
        state = torchvision.models.resnet18(weights=None).state_dict()
    save_file(
        {name: value for name, value in state.items() if not name.startswith("fc.")},
        folder / "model.safetensors",
    )
    origin = Origin("shipped", str(folder), ("model.safetensors",), sha256_of(folder / "model.safetensors"))
    return ImageModel("tiny-resnet", 512, "MIT", "resnet18", (origin,), "letterbox", height=32, width=24)


@pytest.fixture(scope="session")
def tiny_store(tmp_path_factory: pytest.TempPathFactory, shop: Path, tiny_profile) -> Path:
    """The store of ``shop``. Open it, do not change it; ``store_copy`` is for that."""
    from mpsr.pipeline import build
    from mpsr.stages.settings import Settings
    from mpsr.store import Store

    root = tmp_path_factory.mktemp("stores") / "shop"
    build(shop, Store(root), Settings(profile=tiny_profile))
    return root


@pytest.fixture(scope="session")
def learned_shop(tmp_path_factory: pytest.TempPathFactory, shop: Path, tiny_profile) -> Path:
    """The store of ``shop`` with a learned space whose towers were never trained. Open it, do not change it."""
    import torch

    from mpsr.pipeline import build
    from mpsr.space.towers import Shape, Towers, save_towers
    from mpsr.space.vocabulary import Vocabulary
    from mpsr.stages import towers as towers_stage
    from mpsr.stages.settings import Settings
    from mpsr.store import Store

    folder, root = tmp_path_factory.mktemp("towers"), tmp_path_factory.mktemp("stores") / "learned"
    with torch.random.fork_rng():
        torch.manual_seed(2)
        shape = Shape(tiny_profile.text.dimension, tiny_profile.image.dimension, (3, 2), 24, 8, 3)
        towers = Towers(shape, vocabulary=Vocabulary(("blue", "men", "shirt")))
        for tower in (towers.text, towers.image):
            tower.mean.normal_(0, 0.1)
            tower.scale.uniform_(0.5, 2)
    save_towers(folder, towers, {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(towers_stage, "asset", lambda name: folder)
        patch.setattr(towers_stage, "shipped_fit", lambda text, image: True)
        build(shop, Store(root), Settings(profile=tiny_profile, learned="shipped"))
    return root


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the demo's first 120 products with the models that ship, built once for all workers. Copy it, do not
    change it.
    """
    from filelock import FileLock

    from mpsr.catalogue import Policies
    from mpsr.demo import demo_folder
    from mpsr.encoders.profiles import profile
    from mpsr.pipeline import build
    from mpsr.stages.settings import Settings
    from mpsr.store import Store

    own = tmp_path_factory.getbasetemp()
    root = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "demo-store"
    with FileLock(f"{root}.lock"):
        if not (root / "current").is_file():
            build(demo_folder(), Store(root), Settings(profile("embedded"), Policies(limit=120)))
    return root


@pytest.fixture
def store_copy(tiny_store: Path, tmp_path: Path) -> Path:
    """A copy of ``tiny_store`` to damage."""
    return Path(shutil.copytree(tiny_store, tmp_path / "store"))


@pytest.fixture
def tiny_embedded(monkeypatch: pytest.MonkeyPatch, tiny_profile):
    """Lets the command line build with ``tiny_profile`` in place of the models that ship."""
    from mpsr.encoders import profiles

    monkeypatch.setattr(profiles, "profile", lambda name: tiny_profile)
    return tiny_profile


@pytest.fixture
def mpsr(capfd, monkeypatch) -> Callable[..., tuple[int, str, str]]:
    """Runs a command: (exit code, stdout, stderr). Its error is one line, and no traceback."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mpsr", *map(str, arguments)])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        sys.stdout.flush()
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        if code == 2 and "Usage:" not in err:
            said = [one for one in err.splitlines() if one.startswith("mpsr: ")]
            assert len(said) == 1, err
        return code, out, err

    return run
