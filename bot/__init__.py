"""The Rasa assistant: what customers say, in and out."""
