"""SMS of 阿里云."""
