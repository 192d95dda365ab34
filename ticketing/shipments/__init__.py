"""一票货: waybills, their tracking events, and whose phone is on the label."""
