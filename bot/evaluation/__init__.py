"""How well the bot understands: the measures, and the command that prints them."""
