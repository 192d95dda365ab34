"""Whole stories through the public doors of a running system."""
