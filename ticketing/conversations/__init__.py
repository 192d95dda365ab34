"""会话: who is talking, who answers, and every word said, in order."""
