"""Everything that leaves goes through the one outbox, in order, once."""
