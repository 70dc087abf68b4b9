"""The cache: each process's own DuckDB file, built from the segments and tailing them.

It can be deleted at any time and is built again. Nobody shares its file: a second process takes another.
Threads never share a connection; each use takes a cursor of its own.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING
from uuid import uuid4
from weakref import finalize

from geo.errors import StoreError
from geo.paths import DATA
from geo.records import CountryCode, Extraction
from geo.store.filling import FILL, TABLES, count_pairs, fill_states
from geo.store.layout import make_table
from geo.store.segments import Segment, list_segments, read_segment

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

# What is inserted at once: rows of relations, and bytes of columns before they are written.
BATCH_RELATIONS, BATCH_BYTES = 120_000, 64_000_000
# Files of one folder that processes may have at once.
MOST_FILES = 16
_IN_MEMORY = ":memory:"
_taken: set[Path] = set()
_taking = Lock()


@dataclass(frozen=True, slots=True)
class Fault:
    """A segment that is left out, or of which some records are; ``records`` is 0 where it is whole."""

    segment: str
    records: int


class Store:
    """What some folders hold, ready to be asked."""

    def __init__(
        self, base: "duckdb.DuckDBPyConnection", folders: Sequence[Path], path: Path | None
    ) -> None:
        """Take a connection that :func:`open_store` or :func:`hold_extractions` has made."""
        self._base = base
        self._folders = tuple(folders)
        self._turn = RLock()
        self.path = path
        self.version: tuple[object, ...] = ()
        self.faults: tuple[Fault, ...] = ()

    def cursor(self) -> "duckdb.DuckDBPyConnection":
        """Return a cursor for one use in one thread."""
        return self._base.cursor()

    def refresh(self) -> None:
        """Take in what has come to the folders since; all is built again where something has gone.

        Raises :class:`StoreError` where the cache cannot be written; what was taken in before is served.
        """
        if not self._folders:
            return
        with self._turn:
            held = [
                (number, segment)
                for number, folder in enumerate(self._folders)
                for segment in _list_readable(folder)
            ]
            version = tuple((one.path.name, one.size, one.changed) for _, one in held)
            if version == self.version and self.version:
                return
            self._apply(held)
            self.version = version

    def follow(self, country: CountryCode | None = None) -> None:
        """Work out how the pairs stood of which something has come, or those of a country.

        Raises :class:`StoreError` where the cache cannot be written.
        """
        import duckdb

        cursor = self.cursor()
        try:
            while True:
                # Others take their turn in between.
                with self._turn:
                    if not fill_states(cursor, country):
                        return
        except duckdb.Error as error:
            with suppress(duckdb.Error):
                cursor.execute("ROLLBACK")
            msg = f"The cache of the store cannot be written: {error}"
            raise StoreError(msg) from error

    def _apply(self, held: Sequence[tuple[int, Segment]]) -> None:
        import duckdb

        cursor = self.cursor()
        there = {(number, one.path.name, one.size, one.changed): one for number, one in held}
        applied = set(
            cursor.execute("SELECT folder, name, size, changed FROM applied_segments").fetchall()
        )
        try:
            if applied - there.keys():
                # What a segment superseded is not in the cache, so it cannot be taken out alone.
                cursor.execute("BEGIN")
                for table in TABLES:
                    cursor.execute(f"DELETE FROM {table}")
                cursor.execute("COMMIT")
                applied = set()
            new = [
                (key, path)
                for key, one in there.items()
                if key not in applied
                for path in [one.path]
            ]
            batch: list[tuple[tuple[int, str, int, int], pa.Table | None]] = []
            relations = size = 0
            for key, path in new:
                held_rows = _read_whole(path)
                batch.append((key, held_rows))
                if held_rows is not None:
                    relations += len(held_rows["relations"].combine_chunks().flatten())
                    size += held_rows.nbytes
                if relations >= BATCH_RELATIONS or size >= BATCH_BYTES:
                    self._insert(cursor, batch)
                    batch, relations, size = [], 0, 0
            if batch:
                self._insert(cursor, batch)
            if new:
                count_pairs(cursor)
                # Else all lies in the log, which the next process would have to go through.
                with suppress(duckdb.TransactionException):
                    cursor.execute("CHECKPOINT")
        except duckdb.Error as error:
            with suppress(duckdb.Error):
                cursor.execute("ROLLBACK")
            msg = f"The cache of the store cannot be written: {error}"
            raise StoreError(msg) from error
        finally:
            self.faults = tuple(
                Fault(name, records)
                for name, records in cursor.execute(
                    "SELECT name, left_out FROM applied_segments WHERE damaged OR left_out > 0"
                    " ORDER BY ALL"
                ).fetchall()
            )

    @staticmethod
    def _insert(
        cursor: "duckdb.DuckDBPyConnection",
        batch: Sequence[tuple[tuple[int, str, int, int], "pa.Table | None"]],
    ) -> None:
        """Insert some segments and note them as applied, all in one transaction."""
        import pyarrow as pa

        cursor.execute("BEGIN")
        whole = [(key, table) for key, table in batch if table is not None]
        if whole:
            joined = pa.concat_tables(
                table.append_column(
                    "folder", pa.array([key[0]] * len(table), pa.int32())
                ).append_column("segment", pa.array([key[1]] * len(table), pa.string()))
                for key, table in whole
            )
            joined = joined.append_column("row", pa.array(range(len(joined)), pa.int64()))
            cursor.register("incoming", joined)
            for statement in FILL:
                cursor.execute(statement)
            cursor.unregister("incoming")
        for key, table in batch:
            cursor.execute(
                "INSERT INTO applied_segments SELECT ?, ?, ?, ?, ?, coalesce((SELECT sum(number) FROM"
                " left_out WHERE folder = ? AND segment = ?), 0)",
                [*key, table is None, key[0], key[1]],
            )
        cursor.execute("DELETE FROM left_out")
        cursor.execute("COMMIT")


def open_store(folders: Sequence[Path], countries: Iterable[CountryCode]) -> Store:
    """Return what some folders hold, from the cache that an earlier process left where it fits.

    Of an id in several folders the last one counts. A cache that is damaged, of another version or in
    use is not taken; where none can be written, the store is held in memory.
    """
    key = hashlib.sha256("\0".join(str(folder.absolute()) for folder in folders).encode())
    stamp = _find_stamp(countries)
    for path in _list_places(key.hexdigest()[:16]):
        with _taking:
            if path in _taken:
                continue
            _taken.add(path)
        try:
            store = _open_file(path, folders, stamp, countries)
        except StoreError:
            _taken.discard(path)
            break
        if store is not None:
            finalize(store, _taken.discard, path)
            return store
        _taken.discard(path)
    store = Store(_connect(_IN_MEMORY), folders, None)
    _make_tables(store.cursor(), stamp, countries)
    store.refresh()
    return store


def hold_extractions(extractions: Iterable[Extraction], countries: Iterable[CountryCode]) -> Store:
    """Return a store of some extractions that is held in memory and has no folder."""
    store = Store(_connect(_IN_MEMORY), (), None)
    cursor = store.cursor()
    _make_tables(cursor, "", countries)
    store._insert(cursor, [((0, "", 0, 0), make_table(extractions))])  # noqa: SLF001 - its own maker
    count_pairs(cursor)
    store.version = (uuid4().hex,)
    return store


def _open_file(
    path: Path, folders: Sequence[Path], stamp: str, countries: Iterable[CountryCode]
) -> Store | None:
    """Return a store on a file, built anew where it does not fit; ``None`` where it is in use.

    Raises :class:`StoreError` where no file can be had.
    """
    import duckdb

    for is_fresh in (False, True):
        if is_fresh:
            for left in (path, path.with_name(f"{path.name}.wal")):
                with suppress(OSError):
                    left.unlink(missing_ok=True)
        try:
            base = _connect(str(path))
        except duckdb.IOException as error:
            if "lock" in str(error).lower():
                return None
            continue
        except duckdb.Error:
            continue
        store = Store(base, folders, path)
        try:
            cursor = store.cursor()
            if _read_stamp(cursor) != stamp:
                if not is_fresh and cursor.execute("SHOW TABLES").fetchall():
                    base.close()
                    continue
                _make_tables(cursor, stamp, countries)
            _check_whole(cursor)
            store.refresh()
        except (duckdb.Error, StoreError):
            base.close()
            continue
        return store
    msg = "The cache of the store cannot be written."
    raise StoreError(msg)


def _connect(path: str) -> "duckdb.DuckDBPyConnection":
    """Return a connection that reaches no other file and no network; the one place that makes one."""
    import duckdb

    return duckdb.connect(
        path,
        config={
            "threads": "2",
            "memory_limit": "256MB",
            "enable_external_access": "false",
            "python_enable_replacements": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "lock_configuration": "true",
        },
    )


def _make_tables(
    cursor: "duckdb.DuckDBPyConnection", stamp: str, countries: Iterable[CountryCode]
) -> None:
    cursor.execute("BEGIN")
    for name, columns in TABLES.items():
        cursor.execute(f"CREATE TABLE {name}({columns})")
    cursor.execute("CREATE TABLE countries(code VARCHAR)")
    cursor.execute("INSERT INTO countries SELECT unnest(?::VARCHAR[])", [sorted(countries)])
    cursor.execute("CREATE TABLE made(stamp VARCHAR)")
    cursor.execute("INSERT INTO made VALUES (?)", [stamp])
    cursor.execute("COMMIT")


def _read_stamp(cursor: "duckdb.DuckDBPyConnection") -> str:
    import duckdb

    try:
        found = cursor.execute("SELECT stamp FROM made").fetchone()
    except duckdb.CatalogException:
        return ""
    return str(found[0]) if found else ""


def _check_whole(cursor: "duckdb.DuckDBPyConnection") -> None:
    """Read every block once, for a damaged one is only noticed when it is read."""
    for table in TABLES:
        cursor.execute(f"SELECT sum(hash(t)) FROM {table} t").fetchall()


def _find_stamp(countries: Iterable[CountryCode]) -> str:
    """Return what a cache must have been made with: the program that fills it, its rules and countries."""
    import duckdb

    made = hashlib.sha256(duckdb.__version__.encode())
    code = Path(__file__).resolve().parent.parent
    sources = [
        *(code / "store").glob("*.py"),
        *(code / "states").glob("*.py"),
        code / "records.py",
        *(DATA / "states").glob("*.csv"),
    ]
    for source in sorted(sources):
        made.update(source.read_bytes())
    made.update(",".join(sorted(countries)).encode())
    return made.hexdigest()


def _list_places(key: str) -> list[Path]:
    """Return the files that a cache may have, in a folder that nobody else can write."""
    try:
        folder = _find_folder()
    except OSError:
        return []
    return [folder / f"{key}.{number}.duckdb" for number in range(MOST_FILES)]


def _find_folder() -> Path:
    asked = os.environ.get("ENTENTE_CACHE")
    if asked:
        folder = Path(asked)
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(base) / "entente"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.access(folder, os.W_OK) and (asked or folder.stat().st_uid == os.getuid()):
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="entente-"))


def _list_readable(folder: Path) -> list[Segment]:
    try:
        return list_segments(folder)
    except StoreError:
        return []


def _read_whole(path: Path) -> "pa.Table | None":
    try:
        return read_segment(path)
    except StoreError:
        return None
