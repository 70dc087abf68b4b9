"""The stages in their order, over one article or many, and the evidence that they leave.

reading yields articles; here each goes through sentences, mentions, clauses, relations and accords
into one extraction. What states and accords settle from is gathered from the extractions.
"""

from collections.abc import Iterable, Iterator

from geo.mentions.finding import find_mentions
from geo.mentions.gazetteer import load_gazetteer
from geo.reading.files import Skipped
from geo.reading.sentences import split_sentences
from geo.records import AccordEvidence, Article, Evidence, Extraction
from geo.relations.clauses import parse_clauses
from geo.relations.cues import load_lexicon
from geo.relations.parser import load_parser
from geo.relations.places import find_accord_places
from geo.relations.reader import find_relations
from geo.relations.tokens import Parser

ENGLISH = "en"
# Code points; the longest sentence of a novel has a tenth of them.
LONGEST_RUN = 100_000


def extract_article(article: Article, parser: Parser | None = None) -> Extraction:
    """Return what one article says: sentences, mentions, relations and places in accords.

    An article without text, or in a language other than English, is skipped with the reason. The
    language model is loaded when the first sentence with two countries needs it.
    """
    language = (article.language or ENGLISH).lower().replace("_", "-").partition("-")[0]
    if language not in {ENGLISH, "eng", "english"}:
        reason = f"The article is in “{article.language}”; only English is read."
        return Extraction(article=article, skipped=reason)
    if not article.text.strip():
        return Extraction(article=article, skipped="The article has no text.")
    sentences = split_sentences(article.text)
    longest = max((each.end_char - each.start_char for each in sentences), default=0)
    if longest > LONGEST_RUN:
        reason = (
            f"The text runs on for {longest:,} characters without the end of a sentence, so it is no "
            "article. Give the article's text alone."
        )
        return Extraction(article=article, skipped=reason)
    mentions = find_mentions(article, sentences, load_gazetteer())
    clauses = parse_clauses(article, sentences, mentions, load_lexicon(), parser or load_parser())
    relations = find_relations(clauses)
    return Extraction(
        article=article,
        sentences=sentences,
        mentions=mentions,
        relations=relations,
        accords=find_accord_places(clauses, relations),
    )


def extract_articles(
    articles: Iterable[Article | Skipped], parser: Parser | None = None
) -> Iterator[Extraction]:
    """Yield the extraction of each article in order; one that could not be read keeps its place."""
    for each in articles:
        if isinstance(each, Skipped):
            yield Extraction(article=Article(id=each.name, text=""), skipped=each.reason)
        else:
            yield extract_article(each, parser)


def gather_evidence(extractions: Iterable[Extraction]) -> tuple[Evidence, ...]:
    """Return the relations of dated articles as evidence; without a date nothing says when it held."""
    return tuple(
        Evidence(
            relation=relation,
            date_published=each.article.date_published,
            date_basis=each.article.date_basis,
            publisher=each.article.publisher,
            title=each.article.title,
            url=each.article.url,
        )
        for each in extractions
        if each.article.date_published is not None
        for relation in each.relations
    )


def gather_accord_evidence(extractions: Iterable[Extraction]) -> tuple[AccordEvidence, ...]:
    """Return the places in accords of dated articles as evidence."""
    return tuple(
        AccordEvidence(
            place=place,
            date_published=each.article.date_published,
            publisher=each.article.publisher,
        )
        for each in extractions
        if each.article.date_published is not None
        for place in each.accords
    )
