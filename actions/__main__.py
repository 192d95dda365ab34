"""The action server's process: `python -m actions`."""

from actions.server import serve

if __name__ == "__main__":
    serve()
