"""The languages of chat platforms: parse, verify, render. No database."""
