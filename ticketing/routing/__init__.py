"""Which queue, which assignee, and why."""
