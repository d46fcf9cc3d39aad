"""Read and clean a catalogue; open its pictures."""

from mpsr.catalogue.mapping import Mapping, read_mapping
from mpsr.catalogue.read import Policies, locate, read_catalogue
from mpsr.catalogue.types import ATTRIBUTES, COLUMNS, ID, NAME, Catalogue, Reject, Summary

__all__ = [
    "ATTRIBUTES",
    "COLUMNS",
    "ID",
    "NAME",
    "Catalogue",
    "Mapping",
    "Policies",
    "Reject",
    "Summary",
    "locate",
    "read_catalogue",
    "read_mapping",
]
