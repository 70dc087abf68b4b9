"""A visit: what it has collected, which is held for it alone and ends with it."""

from time import monotonic

import streamlit as st

from geo.errors import ArticleError
from geo.languages import say as _
from geo.mentions.gazetteer import load_gazetteer
from geo.records import Extraction
from geo.store.cache import Store
from geo.store.joining import Joined
from geo.web.collection import Collection

# What a map is of where it is not the public news alone: what was collected, alone or beside the news.
ONLY, WITH = "only", "with"
# Addresses that are fetched for one visit within some minutes.
MOST_FETCHES, MINUTES = 10, 10


def find_collection() -> Collection:
    """Return what this visit has collected."""
    held: Collection = st.session_state.get("collection") or Collection()
    return held


def find_own(identity: str) -> Extraction | None:
    """Return an article that this visit has collected; ``None`` where it has not."""
    kept = find_collection().list_kept()
    return next((one for one in kept if one.article.id == identity), None)


def keep_collection(collection: Collection) -> None:
    """Hold a collection for this visit, in place of the one before."""
    st.session_state["collection"] = collection


def spend_fetch() -> None:
    """Count one address that is fetched for this visit; raises :class:`ArticleError` where it is too many."""
    now = monotonic()
    spent: list[float] = st.session_state.get("fetched", [])
    spent = [at for at in spent if now - at < MINUTES * 60]
    if len(spent) >= MOST_FETCHES:
        msg = _(
            "{most} addresses were fetched in {minutes} minutes. Try again later, or paste the text.",
            most=MOST_FETCHES,
            minutes=MINUTES,
        )
        raise ArticleError(msg)
    st.session_state["fetched"] = [*spent, now]


def join_collection(store: Store, mine: str) -> tuple[Store, list[str]]:
    """Return a store with what was collected, or that alone, as ``mine`` asks, and what is wrong with it.

    What is joined is held in the visit; the store itself is returned where nothing can be joined to it.
    """
    if mine not in (ONLY, WITH):
        return store, [_("A map is of your own articles by “only” or “with”.")]
    collection = find_collection()
    if not collection.extractions:
        return store, [
            _("This visit has collected no articles, so the map is of the public news alone.")
        ]
    key = (mine, store.version, collection)
    before, joined = st.session_state.get("joined", (None, None))
    if joined is None or before != key:
        joined = Joined(
            store,
            collection.list_kept(),
            load_gazetteer().countries,
            with_shared=mine == WITH,
        )
        st.session_state["joined"] = key, joined
    return joined, []
