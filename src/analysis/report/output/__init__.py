"""A document written as an HTML page, a PDF and a Word file."""
