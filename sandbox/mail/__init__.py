"""A mail server that keeps what it takes."""
