"""Stand-ins for the outside world: carrier aggregators over a simulated parcel network."""
