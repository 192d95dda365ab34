"""The conversation's traffic: receive, bot turn, hand off, take, reply, give back."""
