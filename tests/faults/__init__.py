"""A package, because a file of another room has the same name as one of these."""
