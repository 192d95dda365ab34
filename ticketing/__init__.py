"""Remembers everything and decides everything: processes `api` and `worker`."""
