"""The stand-in for 快递鸟 (KDNiao): signed form requests, JSON answers with HTTP 200."""
