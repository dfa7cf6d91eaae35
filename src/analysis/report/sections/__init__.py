"""What a report says: each module holds the functions of one section of the report notebook."""
