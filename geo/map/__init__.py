"""Map: states become shapes and colors."""
