"""The agents' desk: what they see and do with conversations."""
