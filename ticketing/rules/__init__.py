"""Decisions as DMN tables: which rule fired is always on record."""
