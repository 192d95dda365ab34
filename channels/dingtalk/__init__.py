"""钉钉 group robots."""
