"""Read news articles, find how countries stand toward each other, and keep the quotes that say so.

The stages run one way: ``reading`` yields articles, ``mentions`` yields mentions, ``relations`` yields
relations with their quotes, ``states`` and ``accords`` add them up, ``atlas`` joins them to shapes,
``drawing`` and ``panel`` show them. Importing the package does no work.
"""

__version__ = "0.2.0.dev0"
