"""Find a model's files: in a given folder, in the hubs' local caches, at the hub. Never substitutes another model."""

from __future__ import annotations

import importlib.util
import logging
from dataclasses import dataclass
from pathlib import Path

from mpsr.encoders.profiles import ImageModel, Origin, Profile, TextModel
from mpsr.errors import InputError, WeightsNotFoundError
from mpsr.store import sha256_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ModelFiles:
    """A model's files on this machine; the hash of its weights was checked where the profile names one."""

    folder: Path
    weights: Path
    sha256: str


def find_weights(
    model: TextModel | ImageModel, explicit: Path | None = None, offline: bool = False
) -> ModelFiles:
    """Search the model's sources in order and check the weights' SHA-256.

    Args:
        model: the model wanted.
        explicit: a folder that holds the files, or a folder named after the model that does.
        offline: do not contact a hub.

    Raises:
        WeightsNotFoundError: no source has them; the message lists the sources searched and what to do.
        InputError: files were found, but not those that the profile names.
    """
    tried: list[str] = []
    if explicit is not None:
        for folder in (explicit / model.name, explicit):
            for origin in model.origins:
                if _complete(folder, origin):
                    return _checked(folder, origin)
            tried.append(str(folder))
    for origin in model.origins:
        look = {
            "package": _in_package,
            "shipped": _shipped,
            "huggingface": _in_huggingface,
            "torchvision": _in_torch_hub,
        }[origin.kind]
        found = look(origin, offline, tried)
        if found is not None:
            return _checked(found, origin)
    raise WeightsNotFoundError(
        f"the weights of {model.name} were not found. Tried:\n"
        + "".join(f"  - {place}\n" for place in tried)
        + "Either put "
        + ", ".join(model.origins[0].files)
        + f" into a folder DIR/{model.name} and pass --weights DIR, or use --profile embedded, which needs no hub."
    )


def check_weights(profile: Profile, explicit: Path | None = None, offline: bool = False) -> None:
    """Check, before any work begins, that both models of a profile are available.

    Raises:
        WeightsNotFoundError: one or both are missing; the message lists everything missing.
        InputError: files were found, but not those that the profile names.
    """
    missing: list[str] = []
    for model in (profile.text, profile.image):
        try:
            find_weights(model, explicit, offline)
        except WeightsNotFoundError as error:
            missing.append(str(error))
    if missing:
        raise WeightsNotFoundError("\n".join(missing))


def _complete(folder: Path, origin: Origin) -> bool:
    return all((folder / file).is_file() for file in origin.files)


def _checked(folder: Path, origin: Origin) -> ModelFiles:
    weights = folder / origin.files[0]
    digest = sha256_of(weights)
    if origin.sha256 and digest != origin.sha256:
        raise InputError(
            f"{weights} is not the file the profile names: SHA-256 {digest}, expected {origin.sha256}. "
            "Replace it, or point --weights at the right folder."
        )
    return ModelFiles(folder, weights, digest)


def _in_package(origin: Origin, offline: bool, tried: list[str]) -> Path | None:
    """Inside an installed package, found without importing it."""
    package, _, subfolder = origin.name.partition(":")
    spec = importlib.util.find_spec(package)
    tried.append(f"the Python package {package} (in requirements.txt)")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / subfolder
    return folder if _complete(folder, origin) else None


def _shipped(origin: Origin, offline: bool, tried: list[str]) -> Path | None:
    tried.append(origin.name)
    return Path(origin.name) if _complete(Path(origin.name), origin) else None


def _in_huggingface(origin: Origin, offline: bool, tried: list[str]) -> Path | None:
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.utils import logging as hub_logging

    hub_logging.set_verbosity_error()  # the error message below lists what was tried
    for local_only in (True,) if offline else (True, False):
        place = f"local cache {constants.HF_HUB_CACHE}" if local_only else "hub huggingface.co"
        try:
            found = snapshot_download(
                origin.name,
                revision=origin.revision,
                allow_patterns=list(origin.files),
                local_files_only=local_only,
            )
        except Exception as error:  # the client raises network, HTTP and cache errors of unrelated classes
            tried.append(f"{place}: {origin.name} ({type(error).__name__})")
            continue
        if _complete(Path(found), origin):
            return Path(found)
        tried.append(f"{place}: {origin.name} (incomplete)")
    return None


def _in_torch_hub(origin: Origin, offline: bool, tried: list[str]) -> Path | None:
    import torch

    folder = Path(torch.hub.get_dir()) / "checkpoints"
    if _complete(folder, origin):
        return folder
    tried.append(f"local cache {folder}")
    if offline:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / origin.files[0]
        torch.hub.download_url_to_file(origin.name, str(target), hash_prefix=origin.sha256, progress=False)
    except Exception as error:  # urllib, socket and hash errors
        tried.append(f"{origin.name} ({type(error).__name__})")
        return None
    return folder
