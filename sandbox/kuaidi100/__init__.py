"""The stand-in for 快递100 (Kuaidi100): signed form requests, JSON answers with HTTP 200."""
