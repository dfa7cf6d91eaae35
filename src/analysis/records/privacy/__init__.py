"""What keeps people out of sight: the gate for personal data, and disclosure control."""
