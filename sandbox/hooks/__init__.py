"""Somebody who subscribed to our webhooks."""
