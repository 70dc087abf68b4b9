"""A real MediaWiki on this machine: Debian's, with SQLite, served by PHP for the length of a test."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

MEDIAWIKI = Path("/usr/share/mediawiki")
# Wikipedia's own name and number of the namespace; the interface caches nothing.
SETTINGS = """
$wgExtraNamespaces[100] = 'Portal';
$wgExtraNamespaces[101] = 'Portal_talk';
$wgJobRunRate = 0;
"""


@dataclass(frozen=True, slots=True)
class Wiki:
    """A wiki that is served: its folder, and where it is."""

    folder: Path
    place: str

    @property
    def api(self) -> str:
        return f"http://{self.place}/api.php"

    def run(self, script: str, *arguments: str, source: str = "") -> None:
        """Run one of the scripts that its owner has."""
        done = subprocess.run(
            ["php", str(MEDIAWIKI / "maintenance" / script), *arguments],
            input=source.encode(),
            env=self.environment,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, (done.stdout + done.stderr).decode()[-2000:]

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"MW_CONFIG_FILE": str(self.folder / "LocalSettings.php")}

    def edit(self, title: str, wikitext: str) -> None:
        """Write a page, as an editor does."""
        self.run("edit.php", "--summary", "news", title, source=wikitext)

    def load(self, pages: Mapping[str, str]) -> None:
        """Write many pages at once."""
        written = "".join(
            f"<page><title>{escape(title)}</title><ns>100</ns><revision>"
            f"<timestamp>2024-03-05T00:00:00Z</timestamp><contributor><ip>127.0.0.1</ip></contributor>"
            f'<text xml:space="preserve">{escape(wikitext)}</text></revision></page>'
            for title, wikitext in pages.items()
        )
        path = self.folder / "pages.xml"
        path.write_text(f"<mediawiki>{written}</mediawiki>", encoding="utf-8")
        self.run("importDump.php", "--no-updates", str(path))


def has_wiki() -> bool:
    """Say whether MediaWiki and PHP are installed here."""
    return shutil.which("php") is not None and (MEDIAWIKI / "api.php").exists()


@contextmanager
def serve_wiki(folder: Path) -> Iterator[Wiki]:
    """Install a wiki into an empty folder and serve it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    wiki = Wiki(folder, place)
    given = {
        "dbtype": "sqlite",
        "dbpath": str(folder),
        "dbname": "wiki",
        "server": f"http://{place}",
        "scriptpath": "",
        "confpath": str(folder),
        "pass": "correct horse battery",
    }
    options = (word for name, value in given.items() for word in (f"--{name}", value))
    wiki.run("install.php", *options, "Wiki", "Admin")
    with (folder / "LocalSettings.php").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            ["php", "-S", place, "-t", str(MEDIAWIKI)],
            env=wiki.environment,
            stdout=log,
            stderr=log,
        )
    try:
        host, _, port = place.rpartition(":")
        for _ in range(300):
            try:
                socket.create_connection((host, int(port)), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield wiki
    finally:
        server.terminate()
        server.wait()
