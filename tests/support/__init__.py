"""What several kinds of tests need: a database, a running house, a customer."""
