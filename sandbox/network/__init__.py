"""The simulated parcel network: cities, parcels, their scans, and how each carrier writes them."""
