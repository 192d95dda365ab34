"""Signed webhooks (standardwebhooks.com)."""
