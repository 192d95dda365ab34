"""Tools every room uses; knows no domain."""
