"""快递100 (Kuaidi100): signing, client and mapping of its answers."""
