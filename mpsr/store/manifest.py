"""The JSON documents of a store: what is in them, how they are named, and how damage to them is noticed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, NotRequired, TypedDict

from msgspec import Meta

#: Changes whenever the meaning of a file changes; objects of another schema are refused and never reused.
SCHEMA = 1

SEAL = "seal"

#: What a stage's result depends on beside its inputs; a JSON object, as each stage defines it.
Parameters = Mapping[str, Any]


#: A SHA-256, 64 hexadecimal digits. Fingerprints become names of folders, so nothing else may be one.
FINGERPRINT = re.compile(r"\A[0-9a-f]{64}\Z")
Fingerprint = Annotated[str, Meta(pattern=FINGERPRINT.pattern)]

#: The name of a stage; it becomes the name of a folder.
StageName = Annotated[str, Meta(pattern=r"\A[a-z][a-z_]{0,39}\Z")]

#: The name of a file in its object's folder: plain, so that no path leads out of it.
FileName = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,59}(\.[A-Za-z0-9_-]{1,20}){0,3}\Z")]

#: Stages of a snapshot, and files of an object, at most.
MANY = 100


class FileEntry(TypedDict):
    """A file of an object, as its manifest lists it."""

    size: Annotated[int, Meta(ge=0)]
    sha256: Fingerprint


class Manifest(TypedDict):
    """What an object's files are and what they were made from.

    ``parameters`` and ``inputs`` go into the fingerprint; ``facts`` (counts, device, seconds) do not.
    """

    schema: int
    stage: StageName
    fingerprint: Fingerprint
    inputs: dict[str, Fingerprint]
    parameters: Parameters
    facts: Mapping[str, Any]
    files: Annotated[dict[FileName, FileEntry], Meta(max_length=MANY)]
    seal: NotRequired[str]


class BuildFacts(TypedDict):
    """What is noted of a build beside its stages."""

    source: str
    profile: str
    seconds: float
    published: NotRequired[float]


class SnapshotDocument(TypedDict):
    """A published build: stage → fingerprint, and what is noted of it."""

    schema: int
    stages: Annotated[dict[StageName, Fingerprint], Meta(max_length=MANY)]
    facts: BuildFacts
    seal: NotRequired[str]


def fingerprint(stage: str, inputs: Mapping[str, str], parameters: Parameters) -> str:
    """SHA-256 of the canonical JSON of everything a stage's result depends on."""
    document = {"schema": SCHEMA, "stage": stage, "inputs": inputs, "parameters": parameters}
    return hashlib.sha256(_canonical(document).encode(errors="surrogatepass")).hexdigest()


def snapshot_fingerprint(stages: Mapping[str, str]) -> str:
    """The fingerprint of a set of objects."""
    return fingerprint("snapshot", stages, {})


def is_fingerprint(text: str) -> bool:
    """Whether it is one by its form."""
    return FINGERPRINT.match(text) is not None


def sealed(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with the SHA-256 of everything else in it, so that any change of a byte shows."""
    content = {name: value for name, value in document.items() if name != SEAL}
    seal = hashlib.sha256(_canonical(content).encode(errors="surrogatepass")).hexdigest()
    return {**content, SEAL: seal}


def as_text(document: Mapping[str, Any]) -> str:
    """The document, sealed, as it is written to disk."""
    whole = sealed(document)
    text = json.dumps(whole, indent=1, ensure_ascii=False)
    if any("\ud800" <= sign <= "\udfff" for sign in text):  # of a path that is not UTF-8
        return json.dumps(whole, indent=1)
    return text


def _canonical(document: Mapping[str, Any]) -> str:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
