"""placeholder"""
from collections.abc import Iterable, Iterator
from geo.tokens import Parse
class ShallowParser:
    trust = 0.8
    def parse(self, sentences: Iterable[str]) -> Iterator[Parse]:
        yield from ()
