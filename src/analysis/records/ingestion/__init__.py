"""From the files of a person to a protected folder, with an account of every row."""
