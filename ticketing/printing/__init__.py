"""Papers that are printed: from templates a manager can change."""
