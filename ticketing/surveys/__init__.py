"""How content the customer was."""
