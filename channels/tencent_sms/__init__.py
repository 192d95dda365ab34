"""SMS of 腾讯云."""
