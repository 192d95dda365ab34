"""Ticket lifecycles: BPMN 2.0 files, and the machine that walks a ticket through one.

`definitions` knows which processes there are, `machine` starts and completes steps.
"""
