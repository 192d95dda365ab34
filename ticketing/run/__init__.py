"""`make run`: the whole house on one machine."""
