"""Answers of bodies become figures: read, questioned where they do not fit, entered."""
