"""Sources: feeds, pages and the one client that fetches them."""
