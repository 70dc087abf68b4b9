"""Tools for those who develop Entente."""
