"""The stages in their order, over one article or many, and the evidence that they leave.

reading yields articles; here each goes through sentences, mentions, relations and places into one
extraction. What states and accords settle from is gathered from the extractions.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from geo.mentions.finding import find_mentions
from geo.mentions.gazetteer import load_gazetteer
from geo.reading.copies import sign_text
from geo.reading.language import ENGLISH, find_language
from geo.reading.sentences import split_sentences
from geo.records import AccordEvidence, Article, Evidence, Extraction, Skipped
from geo.relations.encoder import Encoder
from geo.relations.pairs import Headline
from geo.relations.places import find_places
from geo.relations.reader import find_relations

# Code points; the longest sentence of a novel has a tenth of them.
LONGEST_RUN = 100_000


def extract_article(article: Article, encoder: Encoder | None = None) -> Extraction:
    """What one article says: sentences, mentions, relations and places in accords.

    An article without text, or in a language other than English, is skipped with the reason. The model
    is loaded when the first sentence with two countries needs it.
    """
    language = (article.language or ENGLISH).lower().replace("_", "-").partition("-")[0]
    if language not in {ENGLISH, "eng", "english"}:
        reason = f"The article is in “{article.language}”; only English is read."
        return Extraction(article=article, skipped=reason)
    if not article.text.strip():
        return Extraction(article=article, skipped="The article has no text.")
    if article.language is None and (found := find_language(article.text)) not in {None, ENGLISH}:
        reason = (
            f"The text looks to be in “{found}”; only English is read. If it is in English, say so in "
            "its field language."
        )
        return Extraction(article=article, skipped=reason)
    sentences = split_sentences(article.text)
    longest = max((sentence.end_char - sentence.start_char for sentence in sentences), default=0)
    if longest > LONGEST_RUN:
        reason = (
            f"The text runs on for {longest:,} characters without the end of a sentence, so it is no "
            "article. Give the article's text alone."
        )
        return Extraction(article=article, skipped=reason)
    article = replace(article, signature=sign_text(article.text, sentences))
    mentions = find_mentions(article, sentences, load_gazetteer())
    headline = read_headline(article)
    return Extraction(
        article=article,
        sentences=sentences,
        mentions=mentions,
        relations=find_relations(article, sentences, mentions, headline, encoder),
        accords=find_places(article, sentences, mentions),
    )


def read_headline(article: Article) -> Headline | None:
    """The title of an article with the countries that it names; ``None`` without one.

    An item of a list of news has no title; the innermost topic that it stands under says the same.
    """
    title = " ".join((article.title or next(reversed(article.topics), "")).split())
    if not title:
        return None
    # With its stop a title is a sentence to the splitter, and no heading.
    held = replace(article, text=f"{title}.")
    found = find_mentions(held, split_sentences(held.text), load_gazetteer())
    inside = tuple(
        mention for mention in found if mention.counted and mention.end_char <= len(title)
    )
    return Headline(text=title, mentions=inside, is_topic=not article.title)


def extract_articles(
    articles: Iterable[Article | Skipped], encoder: Encoder | None = None
) -> Iterator[Extraction]:
    """Yield the extraction of each article in order; one that could not be read keeps its place."""
    for article in articles:
        if isinstance(article, Skipped):
            yield Extraction(article=Article(id=article.name, text=""), skipped=article.reason)
        else:
            yield extract_article(article, encoder)


def gather_evidence(extractions: Iterable[Extraction]) -> tuple[Evidence, ...]:
    """Return the relations of dated articles as evidence; without a date nothing says when it held."""
    return tuple(
        Evidence(
            relation=relation,
            date_published=extraction.article.date_published,
            date_basis=extraction.article.date_basis,
            publisher=extraction.article.publisher,
            title=extraction.article.title,
            url=extraction.article.url,
            license=extraction.article.license,
            credit=extraction.article.credit,
            date_note=extraction.article.date_note,
            signature=extraction.article.signature,
        )
        for extraction in extractions
        if extraction.article.date_published is not None
        for relation in extraction.relations
    )


def gather_accord_evidence(extractions: Iterable[Extraction]) -> tuple[AccordEvidence, ...]:
    """Return the places in accords of dated articles as evidence."""
    return tuple(
        AccordEvidence(
            place=place,
            date_published=extraction.article.date_published,
            publisher=extraction.article.publisher,
            date_basis=extraction.article.date_basis,
            date_note=extraction.article.date_note,
            title=extraction.article.title,
            url=extraction.article.url,
            license=extraction.article.license,
            credit=extraction.article.credit,
        )
        for extraction in extractions
        if extraction.article.date_published is not None
        for place in extraction.accords
    )
