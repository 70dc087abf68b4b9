"""Reports of one agency as outlets print them, and reports that share no more than their event."""

from random import Random

LEDE = "Norway recalled its ambassador from Sweden on Monday after a week of quarrels over fishing rights."
REST = (
    "The foreign ministry in Oslo said that the envoy would stay at home until the two governments had "
    "settled how many boats may enter the northern bays each summer.",
    "Officials in Stockholm called the step regrettable and promised an answer in the coming days, while "
    "fishing unions on both coasts asked for patience and for a date when talks would begin again.",
    "The quarrel began when a patrol boat stopped eleven trawlers near the border and kept their catch, "
    "which owners put at four hundred tons of herring and a smaller amount of cod.",
    "A court in the harbor town ruled last month that the old treaty no longer covers the outer banks, and "
    "neither side has appealed that decision so far.",
    "Traders expect prices to rise by a tenth before winter if the fleet stays in port, according to a "
    "survey of nineteen auction houses that was published on Sunday.",
)
STORY = " ".join((LEDE, *REST))
_WORDS = sorted({word for text in REST for word in text.split() if word.islower()})


def print_copy(number: int) -> str:
    """Return the story as one of the outlets prints it: with a byline, cut to 60 %, or with words changed."""
    dice = Random(number)
    words = STORY.split()
    if number % 3 == 1:
        words = words[: len(words) * 6 // 10]
    if number % 3 == 2:
        words = [dice.choice(_WORDS) if dice.random() < 0.05 else word for word in words]
    text = " ".join(words).rstrip(",") + ("" if words[-1].endswith(".") else ".")
    if number % 3:
        return text
    return f"By Writer {number}\n\nOSLO (Agency) - {text}\n\n(Reporting by Writer {number})"


def write_report(number: int) -> str:
    """Return a report of the same event in words of its own."""
    dice = Random(1000 + number)
    made = [f"{dice.choice(_WORDS)} {dice.choice(_WORDS)} {dice.choice(_WORDS)}" for _ in range(40)]
    return f"Report {number}: Norway recalled its ambassador from Sweden. " + " ".join(made) + "."
