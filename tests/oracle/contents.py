"""The indicators that look at what one dossier holds: 1.4, 3.3, 3.6, 4.1, 4.2, 4.3, 4.4 and 4.5b."""

from __future__ import annotations

from tests.oracle.dossiers import Dossier
from tests.oracle.verdicts import Verdict


def judge_sync(dossier: Dossier, is_there: bool) -> Verdict:
    """1.4: the dossier exists on the national side."""
    return Verdict(dossier.code, is_there, "on the national side" if is_there else "not on the national side")


def judge_channel(dossier: Dossier) -> Verdict:
    """3.3: filed online."""
    return Verdict(dossier.code, dossier.channel == "2", f"channel {dossier.channel or 'not given'}")


def judge_payment(dossier: Dossier) -> Verdict:
    """3.6: paid online; asked of those with an obligation to pay only."""
    return Verdict(
        dossier.code, dossier.is_paid_online(), f"online payment {dossier.online_payment or 'not given'}"
    )


def judge_result(dossier: Dossier) -> Verdict:
    """4.1: an electronic result file."""
    return Verdict(dossier.code, dossier.result_files > 0, f"{dossier.result_files} result files")


def judge_digitisation(dossier: Dossier) -> Verdict:
    """4.2: files in the components and, where a paper is returned, a result file."""
    is_whole = dossier.component_files > 0 and (dossier.result_files > 0 or not dossier.returns_paper)
    due = "due" if dossier.returns_paper else "not due"
    return Verdict(
        dossier.code,
        is_whole,
        f"{dossier.component_files} component files, {dossier.result_files} result files, a paper is {due}",
    )


def judge_reuse(dossier: Dossier) -> Verdict:
    """4.3: a component that was reused."""
    return Verdict(dossier.code, dossier.reused_papers > 0, f"{dossier.reused_papers} reused papers")


def judge_store(dossier: Dossier, pushed_results: frozenset[str]) -> Verdict:
    """4.4: a component comes from the store, or a result was pushed to it."""
    is_pushed = dossier.code in pushed_results
    return Verdict(
        dossier.code,
        dossier.papers_from_store > 0 or is_pushed,
        f"{dossier.papers_from_store} papers from the store, result {'' if is_pushed else 'not '}pushed",
    )


def judge_population_data(dossier: Dossier) -> Verdict:
    """4.5b: a verified account, or a link to a database."""
    verified = "verified" if dossier.is_verified else "not verified"
    return Verdict(
        dossier.code, dossier.uses_population_data(), f"account {verified}, {dossier.databases} databases"
    )


def judge_contents(dossier: Dossier, pushed_results: frozenset[str]) -> dict[str, Verdict]:
    """The verdicts on one dossier that no day of judgement changes, by indicator."""
    verdicts = {
        "3.3": judge_channel(dossier),
        "4.1": judge_result(dossier),
        "4.2": judge_digitisation(dossier),
        "4.3": judge_reuse(dossier),
        "4.4": judge_store(dossier, pushed_results),
        "4.5b": judge_population_data(dossier),
    }
    if dossier.has_obligation():
        verdicts["3.6"] = judge_payment(dossier)
    return verdicts
