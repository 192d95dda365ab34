"""The languages of whoever carries messages."""
