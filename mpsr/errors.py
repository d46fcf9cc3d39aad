"""Errors a user can cause or mend. Each message says what came, what was expected and what to do."""


class MPSRError(Exception):
    """Something MPSR cannot go on with; the message is written for the user. Exit code 1."""


class InputError(MPSRError):
    """Bad input or wrong use. Exit code 2."""


class WeightsNotFoundError(InputError):
    """The weights of a model were found in none of the places looked at."""


class StoreError(InputError):
    """A store that is missing, incomplete, of another schema, or does not match its own manifest."""


class EngineError(StoreError):
    """The engine that serves a store's vectors cannot be reached, holds another snapshot, or does not do as asked."""


class StoreBusyError(MPSRError):
    """Another build holds the store."""
