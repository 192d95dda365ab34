"""NLU graph components: one class a file."""
