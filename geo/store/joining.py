"""Joining: what one visit has collected, beside the store that all visits share or without it.

The store is not written to. Each cursor sees tables of its own, which end with it, so that no other cursor
ever meets what a visit collected.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from geo.records import CountryCode, Extraction
from geo.store.cache import Store, hold_extractions
from geo.store.filling import COUNT, follow_changed

if TYPE_CHECKING:
    import duckdb

# What evidence is asked of, and what is worked out of it for each pair.
RECORDS = ("articles", "named", "relations", "places")
WORKED_OUT = ("pairs", "stretches")
# Which of the shared rows a visit sees: all records, and the pairs of which it has collected nothing.
_ALL, _OTHERS = "", "ANTI JOIN own_pairs USING (one, other)"


class Joined(Store):
    """What was collected, asked as a store is; ``with_shared`` adds what the shared store holds."""

    def __init__(
        self,
        shared: Store,
        extractions: Iterable[Extraction],
        countries: Iterable[CountryCode],
        *,
        with_shared: bool,
    ) -> None:
        """Take a store, which lives as long as this, and articles of which none is in it."""
        super().__init__(shared.cursor(), (), None)
        self._shared = shared
        self._name = self._base.execute("SELECT current_database()").fetchall()[0][0]
        self._own: dict[str, Any] = {}
        self._with_shared = with_shared
        held = hold_extractions(extractions, countries).cursor()
        for table in RECORDS:
            # Numbers of the store are above zero.
            rows = held.sql(f"SELECT * REPLACE (-number AS number) FROM {table}")
            self._own[table] = rows.to_arrow_table()
        self._own["pairs"] = held.sql("SELECT * FROM pairs").to_arrow_table()
        cursor = self.cursor()
        cursor.execute("CREATE TEMP TABLE changed AS SELECT one, other FROM own_pairs")
        counted = cursor.sql(COUNT.format("changed")).to_arrow_table()
        self._own |= {"pairs": counted, "stretches": follow_changed(cursor)}

    def follow(self, country: CountryCode | None = None) -> None:
        """Work out how the pairs of the shared store stood; those of the visit are worked out already."""
        if self._with_shared:
            self._shared.follow(country)

    def cursor(self) -> "duckdb.DuckDBPyConnection":
        """Return a cursor for one use in one thread, whose tables hold what was collected."""
        cursor = super().cursor()
        for table, rows in self._own.items():
            cursor.register(f"own_{table}", rows)
        for table, rows in self._own.items():
            columns = ", ".join(f'"{name}"' for name in rows.column_names)
            query = f"SELECT {columns} FROM own_{table}"
            if self._with_shared:
                others = _OTHERS if table in WORKED_OUT else _ALL
                query += f' UNION ALL SELECT {columns} FROM "{self._name}".main.{table} {others}'
            cursor.execute(f"CREATE TEMP VIEW {table} AS {query}")
        return cursor
