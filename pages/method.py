"""Method: what the states mean, how a text becomes a color, and what that cannot tell."""

from geo import panel, ui
from geo.palette import load_palette
from geo.records import Place, State

ui.open_page("pages/method.py")
palette = load_palette()

STAGES = (
    (
        "Reading",
        "An article's text is taken as it stands and never changed. Headings, bylines, captions and "
        "boilerplate are told apart from sentences; only sentences are evidence.",
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
        "words such as “plans to” or “refuses to” change what they say. The sentence is kept "
        "word for word, with its place in the article.",
    ),
    (
        "States",
        "All relations of a pair that were published up to a date are weighed by fixed rules. The "
        "result names its rule, the quotes for it, those against it and those set aside.",
    ),
    ("Map", "Each country takes the color of its state toward the country in focus."),
)
SETTLING = (
    "A pair has a state only when at least one quote says so. What the text denies, or puts into "
    "a time that is over, does not carry a state; it is listed as set aside. Where credible quotes "
    "disagree, the pair is marked as contested and the other state is named. The date of an "
    "article counts, not the day on which it was read, and “as of” shows the map as the articles "
    "published up to that day would draw it.",
    "No evidence is a value of its own. A country without a color is not neutral, friendly or at "
    "peace; no article read so far says anything about it. A country that is named without a "
    "relation is hatched, to tell it from one that is not named at all.",
)
LIMITS = (
    "The map tells what the articles say. It does not know whether they are right, and one article "
    "is one voice.",
    "Only English is read. Irony, allusion and what stands between the lines are missed, and some "
    "sentences are read wrongly; that is why every color opens its sentences.",
    "Armed groups are not their host countries, and blocs such as the European Union are no "
    "countries; neither gets a color.",
    "Boundaries follow control on the ground as Natural Earth draws it, and take no side in a "
    "dispute.",
    "An article without a date gets one only where its text gives it away; the panel then says "
    "that the date is inferred, and from what.",
)

ui.show(
    panel.fill(
        '<header class="e-lede"><h1>{title}</h1></header>',
        title="How a sentence becomes a color",
    )
)
ui.show(
    panel.fill(
        '<div class="e-prose"><h2>Stages</h2><ol>{stages}</ol><h2>The ten states</h2></div>',
        stages=panel.join(
            panel.fill("<li><b>{name}.</b> {text}</li>", name=name, text=text)
            for name, text in STAGES
        ),
    )
)
ui.show(panel.write_definitions(palette.states[each] for each in State))
ui.show(panel.fill('<div class="e-prose"><h2>{title}</h2></div>', title="On the map beside them"))
ui.show(
    panel.write_definitions(each for code, each in palette.states.items() if code not in set(State))
)
ui.show(panel.fill('<div class="e-prose"><h2>{title}</h2></div>', title="Places in an accord"))
ui.show(panel.write_definitions(palette.places[each] for each in Place))
ui.show(
    panel.fill(
        '<div class="e-prose"><h2>How a pair settles</h2>{settling}<h2>Limits</h2><ul>{limits}</ul>'
        "</div>",
        settling=panel.join(panel.fill("<p>{text}</p>", text=text) for text in SETTLING),
        limits=panel.join(panel.fill("<li>{text}</li>", text=text) for text in LIMITS),
    )
)
