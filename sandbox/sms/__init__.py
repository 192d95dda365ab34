"""SMS of 阿里云 and 腾讯云: both take POST / and are told apart by their headers."""
