"""The HTTP API: routes → service → JSON. ``mpsr serve`` runs it; ``mpsr.api.app.create_app`` makes it."""
