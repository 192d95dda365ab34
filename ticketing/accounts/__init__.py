"""People and systems that may sign in, and what they may do."""
