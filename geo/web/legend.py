"""The legend of a map as rows, and the countries that it does not draw."""

from collections.abc import Iterable
from dataclasses import dataclass

from geo.languages import say as _
from geo.map.lenses import View
from geo.map.palette import FOCUS, NONE, Swatch
from geo.records import CountryCode
from geo.web.context import Context
from geo.web.country import PALE


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendEntry:
    """A value in use: its swatch, or the class of a mark upon swatches, and how many countries have it."""

    code: str
    label: str
    definition: str = ""
    number: str = ""
    swatch: Swatch | None = None
    look: str = ""
    tone: str = ""


def list_legend(view: View, context: Context) -> list[LegendEntry]:
    """Return the focus and each value in use, and what marks a value as contested or faint."""
    counts = view.count_values()
    entries = []
    if view.subject is not None:
        focus = _("Focus: {name}", name=context.name(view.subject))
        entries.append(LegendEntry(code=FOCUS, label=focus, swatch=view.swatches[FOCUS]))
    for code, swatch in view.swatches.items():
        if code == FOCUS or (code != NONE and not counts.get(code)):
            continue
        entries.append(
            LegendEntry(
                code=code,
                label=swatch.label,
                definition=swatch.definition,
                number=f"{counts[code]:,}" if code != NONE else "",
                swatch=swatch,
                tone=PALE if counts.get(code) and _is_all_pale(code, view) else "",
            )
        )
    marks = (
        (
            "contested",
            "striped",
            _("striped: contested"),
            _("Credible quotes say the opposite: conflict instead of cooperation, or the reverse."),
            len(view.contested),
        ),
        (
            "faint",
            "lighter",
            _("paler: uncertain or not reported lately"),
            _("The state rests on few quotes, or has not been reported for a long time."),
            len(view.faint),
        ),
    )
    entries += [
        LegendEntry(code=code, look=look, label=label, definition=definition, number=str(countries))
        for code, look, label, definition, countries in marks
        if countries
    ]
    return [
        *entries,
        LegendEntry(code="disputed", look="disputed", label=_("hatched: disputed land")),
    ]


def _is_all_pale(code: str, view: View) -> bool:
    """Say whether all countries of a value are drawn paler."""
    return all(country in view.faint for country, value in view.values.items() if value == code)


def list_undrawn(view: View, drawn: Iterable[CountryCode], context: Context) -> str:
    """Return the countries that have a value and no shape on the map, so that none is dropped."""
    missing = sorted(set(view.values) - set(drawn), key=context.name)
    return ", ".join(
        f"{context.name(code)} ({view.swatches[view.values[code]].label})" for code in missing
    )
