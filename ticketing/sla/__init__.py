"""Promises in time: targets, calendars, pauses, warnings and breaches."""
