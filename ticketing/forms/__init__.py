"""Forms as form-js schemas: what is asked in a step, and whether an answer will do."""
