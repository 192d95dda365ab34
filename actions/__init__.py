"""The action server: a dialogue step becomes a request to ticketing."""
