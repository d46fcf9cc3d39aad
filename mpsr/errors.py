"""Errors a user can cause or mend. Each message says what came, what was expected and what to do."""


class MPSRError(Exception):
    """Something MPSR cannot go on with; the message is written for the user."""


class InputError(MPSRError):
    """Bad input or wrong use: the command line ends with exit code 2."""


class WeightsNotFoundError(InputError):
    """The weights of a model were found in none of the places looked at."""


class StoreError(MPSRError):
    """A store that is missing, incomplete, of another schema, or does not match its own manifest."""


class StoreBusyError(StoreError):
    """Another build holds the store."""
