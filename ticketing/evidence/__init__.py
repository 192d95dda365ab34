"""What proves what happened: the pack of evidence of a ticket, hashed and frozen."""
