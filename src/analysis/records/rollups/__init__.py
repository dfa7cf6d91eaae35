"""Count records as series of the published shape, protected and audited as one release."""
