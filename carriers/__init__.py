"""The languages of carriers: catalog, types, aggregators' clients, one gateway over them."""
