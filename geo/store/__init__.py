"""The store: segments that are written once, a disposable cache of them, and the queries over it."""
