"""Pages of others that carry our chat: their keys, origins, and signed customers."""
