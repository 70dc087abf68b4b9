"""Mentions: the countries that an article names."""
