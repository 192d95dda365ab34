"""快递鸟 (KDNiao): signing, client and mapping of its answers."""
