"""What a picture that a table names by URL is called once it was downloaded."""

from __future__ import annotations

import hashlib


def whole_url(url: str) -> str:
    """The URL with its scheme; ``//cdn.example.com/a.jpg`` leaves it to the page it stands on."""
    return f"https:{url}" if url.startswith("//") else url


def file_stem(url: str) -> str:
    """The name of the file that holds what was downloaded from a URL, without its ending."""
    return hashlib.sha256(whole_url(url).encode(errors="surrogateescape")).hexdigest()[:40]
