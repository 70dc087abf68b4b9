"""Method: what the states mean, how a text becomes a color, and what that cannot tell."""

from collections.abc import Iterable, Sequence

from geo.map.palette import load_palette
from geo.records import PLACE_RANK, Modality, Place, State
from geo.states.examples import CONFIDENCE, Step, load_examples, settle_steps
from geo.states.rules import (
    CONTESTED_SHARE,
    QUIET,
    RECENT,
    SEVERAL,
    SURE,
    WEAK,
    load_endings,
    load_rules,
    load_standings,
)
from geo.web import panel, ui

ui.open_page("pages/method.py")
palette = load_palette()

STAGES = (
    (
        "Reading",
        "An article's text is taken as it stands and never changed. Subheadings, bylines, captions "
        "and boilerplate are told apart from sentences; only sentences and the headline above them are "
        "evidence.",
    ),
    (
        "Mentions",
        "Names, demonyms, capitals, leaders and seats of government stand for their country. A name "
        "inside the name of a company, a team or a law is kept and not counted.",
    ),
    (
        "Relations",
        "Each sentence that names two countries is parsed. A table of cues says which words put "
        "a pair into which state, and who acts on whom; negation, conditions, speakers and "
        "words such as “plans to” or “refuses to” change what they say. A small encoder weighs the whole "
        "sentence with its names masked: where no cue says it, it says a state if that is likely, "
        "under the rule “weighed sentence”, and what a cue reads is left out if it is most unlikely. "
        "The words shown are then those that join the two names. The sentence is kept word for word, "
        "with its place in the article.",
    ),
    (
        "States",
        "All relations of a pair that were published up to a date are settled by fixed rules. The "
        "result names its rule, the quotes for it, those against it and those set aside.",
    ),
    ("Map", "Each country takes the color of its state toward the country in focus."),
)
SETTLING = (
    "A pair has a state only when at least one quote says so. One article counts once for a state, or"
    " one half if it calls it only possible, and the same words in several articles count once. What "
    "the text denies, or puts into a time that is over, and what was read with a confidence below "
    f"{WEAK:g}, is set aside: it carries nothing and ends nothing.",
    "Deeds go before words. Fighting goes before everything. It ends when a peace is signed, when for"
    " a week more articles tell of a truce than of fighting, when a truce is told and nobody tells of"
    f" fighting for {QUIET} days, or when nobody tells of it any more. Fighting told again ends the "
    "truce.",
    "Alliances, partnerships, ties and hostility stand until something ends them; age makes them pale"
    f" and does not end them. A hostile deed of the last {RECENT} days goes before ties and before "
    "words, and before an alliance or a partnership if two articles tell of hostile deeds. One "
    "quarrel goes before mere ties if it was told later. Against anything firmer words are shown only"
    f" where {SEVERAL} articles of the last {RECENT} days say so and fewer say otherwise, so that one "
    "accusation ends no alliance and one visit no hostility. Where nothing stands the last words are "
    "shown, and of equals the worse.",
    f"A single report can be read wrongly. Fewer than {SEVERAL} articles carry a state for the shorter"
    f" time of the table, one alone that was read with a confidence below {SURE:g} for half of it, and"
    f" {SEVERAL} or more for the longer. Words and deeds age from the day of the deed, what lasts from"
    " the day of the report that still speaks of it. A state is shown since the first day of the "
    "unbroken run of its evidence.",
    "Two clocks run. “As of” asks what was true on a day: a quote counts from the first day that it "
    "tells of, which is that of the deed where the text says when (“on Tuesday”, “in 2020”, “since "
    "1992”) and that of its article where not. “Known on” asks what was known on a day: what was "
    "published later is left out. The address of a map holds both, so that the same link shows the "
    "same map after later articles have come.",
    "A pair is contested where, of the last weeks, the other side, conflict against cooperation, has "
    f"at least {CONTESTED_SHARE:.0%} as many articles as the side of the state shown. The date of an "
    "article counts, not the day on which it was read.",
    "No evidence is a value of its own. A country without a color is not neutral, friendly or at "
    "peace; no article read so far says anything about it. A country that is named without a relation"
    " is hatched, to tell it from one that is not named at all.",
)
BORDERS = (
    "Areas that states dispute are hatched, and a view says whose color each of them has. Outlines are those "
    "of Natural Earth 5.1, whose newest lines are of 2022. Where the two views say the same, no resolution "
    "of the United Nations assigns the area."
)
EXAMPLES = (
    f"Each of these histories is made up, of two countries A and B, with every quote read at a confidence of "
    f"{CONFIDENCE}. The last column names the rule and counts the articles, which anyone can do again."
)
FIELD = (
    "The field has scales for this, and Entente takes from them what can be done by hand. Like the "
    "hostility levels of the Militarized Interstate Disputes data (Correlates of War; Palmer and others, "
    "2022) it ranks deeds above words, and force above both. Like the peace scale of Goertz, Diehl and "
    "Balas (The Puzzle of Peace, 2016) it holds a state until something ends it. Its relations name the "
    "roots of PLOVER (2018), which tell what is said from what is done. Unlike the scale of Goldstein "
    "(Journal of Conflict Resolution, 1992) it never adds a friendly deed to a hostile one into a number: "
    "both are shown, and the pair is called contested. Unlike the Disputes data it waits for no "
    "threshold of deaths or days, since it tells what the news says and not what was.",
)
PLACES = (
    "What is asserted goes before what is only possible, and what the text denies or calls past carries "
    "no place. Membership and leaving are told by the latest quote. Of any other places the first in "
    "this order is shown: " + ", ".join(each.value for each in PLACE_RANK) + ".",
)
LIMITS = (
    "The map tells what the articles say. It does not know whether they are right, and one article "
    "is one voice.",
    "Only English is read. Irony, allusion and what stands between the lines are missed, and some "
    "sentences are read wrongly; that is why every color opens its sentences.",
    "Armed groups are not their host countries, and blocs such as the European Union are no "
    "countries; neither gets a color.",
    "No view of the borders is the view of Entente. A view moves the color of an area, and never the "
    "evidence: news about Crimea is news about Ukraine in both.",
    "An article without a date gets one only where its text gives it away; the panel then says "
    "that the date is inferred, and from what.",
)


def write_section(title: str, *paragraphs: str) -> panel.Html:
    """Return a heading with paragraphs below it."""
    return panel.fill(
        '<div class="e-prose"><h2>{title}</h2>{paragraphs}</div>',
        title=title,
        paragraphs=panel.join(panel.fill("<p>{text}</p>", text=text) for text in paragraphs),
    )


def write_items(items: Iterable[panel.Html], kind: str) -> panel.Html:
    """Return a list; ``kind`` is ol or ul."""
    listed = panel.join(panel.fill("<li>{item}</li>", item=item) for item in items)
    return panel.fill(
        '<div class="e-prose"><{kind}>{listed}</{kind}></div>', kind=kind, listed=listed
    )


def write_standing() -> panel.Html:
    """Return for how long evidence of each state holds."""
    return panel.write_rows(
        (
            {
                "State": palette.states[state].label,
                "Kind": each.group,
                "Told once or twice it holds": panel.count(each.once_days, "day"),
                "Told by several": panel.count(each.several_days, "day"),
                "Ages from": f"its {each.ages_from}",
                "Because": each.reason,
            }
            for state, each in load_standings().items()
        )
    )


def name_states(states: Iterable[State]) -> str:
    """Return the labels of some states, from worst to best."""
    held = set(states)
    return ", ".join(palette.states[each].label.lower() for each in State if each in held)


def write_example(steps: Sequence[Step]) -> panel.Html:
    """Return the steps of an example with the state that each leaves and why."""
    rows = []
    for step, state in zip(steps, settle_steps(steps), strict=True):
        quote, publisher = "No quote; time passes.", ""
        if step.evidence:
            relation = step.evidence.relation
            certainty = "" if relation.modality is Modality.ASSERTED else f", {relation.modality}"
            quote = f"“{relation.quote.exact}” ({palette.states[relation.state].label.lower()}{certainty})"
            publisher = step.evidence.publisher or ""
        shown = "No evidence that holds"
        if state:
            shown = palette.states[state.state].label + (", contested" if state.contested else "")
        rows.append(
            {
                "Day": panel.write_date(step.day),
                "Publisher": publisher,
                "Quote": quote,
                "Shown then": shown,
                "Why": state.reason if state else "Nothing counts.",
            }
        )
    return panel.write_rows(rows)


ui.show(
    panel.fill(
        '<header class="e-lede"><h1>{title}</h1></header>',
        title="How a sentence becomes a color",
    )
)
ui.show(write_section("Stages"))
ui.show(
    write_items(
        (panel.fill("<b>{name}.</b> {text}", name=name, text=text) for name, text in STAGES), "ol"
    )
)
ui.show(write_section("The ten states"))
ui.show(panel.write_definitions(palette.states[each] for each in State))
ui.show(write_section("Beside the states"))
ui.show(
    panel.write_definitions(each for code, each in palette.states.items() if code not in set(State))
)
ui.show(write_section("How a pair settles", *SETTLING))
ui.show(write_standing())
ui.show(write_section("What ends what"))
ui.show(
    panel.write_rows(
        {
            "Rule": each.name.capitalize(),
            "Evidence of": name_states(each.states),
            "In words such as": ", ".join(sorted(each.words)[:4]) or "any",
            "About": ", ".join(sorted(each.about)[:4]) or "anything",
            "Articles": each.articles,
            "Ends evidence of": name_states(each.ends),
            "Because": each.reason,
        }
        for each in load_endings()
    )
)
ui.show(write_section("Worked examples", EXAMPLES))
for name, steps in load_examples().items():
    ui.show(panel.fill("<h3 class='e-subtitle'>{name}</h3>", name=name))
    ui.show(write_example(steps))
ui.show(write_section("What the field says", *FIELD))
ui.show(write_section("Names of the rules"))
ui.show(
    panel.write_rows({"Rule": rule, "Meaning": meaning} for rule, meaning in load_rules().items())
)
ui.show(write_section("Places in an accord", *PLACES))
ui.show(panel.write_definitions(palette.places[each] for each in Place))
ui.show(write_section("Borders", BORDERS))
ui.show(panel.write_disputes(ui.make_speech(ui.make_known(()))))
ui.show(write_section("Limits"))
ui.show(write_items((panel.fill("{text}", text=text) for text in LIMITS), "ul"))
