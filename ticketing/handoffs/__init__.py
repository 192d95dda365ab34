"""人工接待: who waits for a person, who holds a conversation, and why."""
