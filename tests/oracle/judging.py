"""All verdicts on the dossiers of one basis; each is made once for a day of judgement."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from tests.oracle.contents import judge_contents, judge_sync
from tests.oracle.dossiers import Dossier
from tests.oracle.progress import judge_duration, judge_progress
from tests.oracle.verdicts import Verdict

# Indicators made of the dossiers of the basis; 1.4 is made of the one-stop side's on both.
OF_DOSSIERS = ("2.1", "2.2", "3.3", "3.6", "4.1", "4.2", "4.3", "4.4", "4.5b", "5.4")

Verdicts = dict[str, Verdict]


def judge_satisfaction(dossier: Dossier, progress: Verdict, named_in_petitions: frozenset[str]) -> Verdict:
    """5.4: not late, and no petition names it."""
    if dossier.code in named_in_petitions:
        return Verdict(dossier.code, False, "a petition names it")
    return progress


@dataclass(frozen=True)
class Judge:
    """What is known beside a dossier, and what was said of each so far."""

    business_date: date
    pushed_results: frozenset[str]
    named_in_petitions: frozenset[str]
    lasting: dict[str, Verdicts] = field(default_factory=dict)
    of_a_day: dict[tuple[str, date], Verdicts] = field(default_factory=dict)

    def lasting_verdicts(self, dossier: Dossier) -> Verdicts:
        """The verdicts that no day of judgement changes, by indicator."""
        if dossier.code not in self.lasting:
            verdicts = judge_contents(dossier, self.pushed_results)
            duration = judge_duration(dossier, self.business_date)
            if duration is not None:
                verdicts["2.2"] = duration
            self.lasting[dossier.code] = verdicts
        return self.lasting[dossier.code]

    def verdicts(self, dossier: Dossier, last_day: date) -> Verdicts:
        """All verdicts on a dossier, what is open judged at the end of `last_day`, by indicator."""
        key = (dossier.code, last_day)
        if key not in self.of_a_day:
            progress = judge_progress(dossier, last_day, self.business_date)
            satisfaction = judge_satisfaction(dossier, progress, self.named_in_petitions)
            daily = {"2.1": progress, "5.4": satisfaction}
            self.of_a_day[key] = self.lasting_verdicts(dossier) | daily
        return self.of_a_day[key]

    def by_indicator(self, dossiers: list[Dossier], last_day: date) -> dict[str, list[Verdict]]:
        """The verdicts on some dossiers; in an indicator's list stand those of its denominator."""
        all_verdicts = [self.verdicts(dossier, last_day) for dossier in dossiers]
        return {
            indicator: [verdicts[indicator] for verdicts in all_verdicts if indicator in verdicts]
            for indicator in OF_DOSSIERS
        }


def judge_pairs(dossiers: list[Dossier], national: list[Dossier]) -> Verdicts:
    """The verdict of 1.4 on each one-stop dossier, by its code.

    The portal holds it under its code or its other code; else under its code in another form, when only one
    dossier on each side that is still alone has that form.
    """
    there = {dossier.code for dossier in national}
    here = {dossier.code for dossier in dossiers}
    found = {d.code for d in dossiers if d.code in there or d.other_code in there}
    taken = here | {d.other_code for d in dossiers if d.code not in there}
    forms_here = Counter(form_of(d) for d in dossiers if d.code not in found)
    forms_there = Counter(form_of(d) for d in national if d.code not in taken)
    return {
        d.code: judge_sync(
            d,
            d.code in found
            or (form_of(d) is not None and forms_here[form_of(d)] == 1 == forms_there[form_of(d)]),
        )
        for d in dossiers
    }


def form_of(dossier: Dossier) -> tuple[str, str, int] | None:
    """The code without what its old and its new form write differently: agency, day, number."""
    match dossier.code.split("-"):
        case [agency, day, number] if number.isdigit():
            return dossier.agency or agency, day[-6:], int(number)
    return None
