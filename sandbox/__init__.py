"""Stand-ins for the outside world: carriers' aggregators, and whoever carries messages."""
