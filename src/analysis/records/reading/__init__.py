"""Read the files that people have: their kind, header, mapping, words and values."""
