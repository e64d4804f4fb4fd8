"""What the page of a result says in one language: the sheet's words for the trade, and its own."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from modules.booking.sheet.words import Speech
from modules.booking.wire import Booking
from modules.outcomes.service import LEAST_VISITS
from modules.outcomes.store import Figures
from modules.outcomes.wire import Outcome, OutcomeRegion
from modules.outcomes.worn import CLOSE, VERY_CLOSE

FOLDER = Path(__file__).with_name("languages")


class ResultSpeech(Speech):
    """The words of both files."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        own = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
        self._words = {**self._words, **own}

    def visit(self, visit: Booking) -> str:
        """Whose visit it was, when and where."""
        name = visit.contact.name if visit.contact else self.say("guest")
        return f"{name} · {self.day(visit.starts_at, visit.zone)} · {visit.location}"

    def headline(self, outcome: Outcome) -> str:
        """How near it came in all, or why nobody knows."""
        if outcome.mean_delta_e is not None and outcome.closeness is not None:
            closeness = self.name("closeness", outcome.closeness)
            return self.say("overall", closeness=closeness, delta_e=self.tenths(outcome.mean_delta_e))
        if outcome.problem is not None:
            return self.say(outcome.problem.code if outcome.problem.code in self._words else "failed")
        if not outcome.status.ended:
            return self.say("waiting")
        return "" if outcome.regions else self.say("nothing_found")

    def coverage(self, outcome: Outcome) -> str:
        """How much of the look could be compared; empty where there is nothing of it."""
        count, compared = len(outcome.regions), outcome.compared
        if not count:
            return ""
        all_of_it = "of_one" if count == 1 else "of_all"
        key = all_of_it if compared == count else "of_some" if compared else "of_none"
        return self.say(key, count=count, compared=compared)

    def region(self, region: OutcomeRegion) -> str:
        """What a region is called."""
        return self.name("finger", region.finger) if region.finger else self.name("place", region.place)

    def verdict(self, region: OutcomeRegion) -> str:
        """A region's difference in plain words, or why there is none."""
        if region.reason is not None:
            return self.name("reason", region.reason)
        return self.name("closeness", region.closeness or "")

    def accuracy(self, figures: Figures | None) -> str:
        """How near a design comes, from enough visits."""
        if figures is None:
            return self.say("no_figure", least=LEAST_VISITS)
        return self.say(
            "visits",
            median=self.tenths(figures.median),
            visits=figures.visits,
            share=round(100 * figures.very_close),
        )

    def bounds(self) -> str:
        """How to read the figures."""
        return self.say("how", very_close=self.number(VERY_CLOSE), close=self.number(CLOSE))


@cache
def speech(language: str) -> ResultSpeech:
    """The words of one of the sheet's languages."""
    return ResultSpeech(language)
