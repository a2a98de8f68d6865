from celery import shared_task

from backend.core import clock, jobs
from backend.pairings import actions
from backend.pairings.enums import WhatIfProblem


@jobs.handler("pairings.run_matching")
def run_matching(run_id: int) -> None:
    """Do one match run; a run that cannot be done is marked, so that the next can be asked for."""
    try:
        actions.run_matching(run_id=run_id, now=clock.now())
    except Exception as problem:
        actions.give_up_run(run_id=run_id, error=type(problem).__name__, now=clock.now())
        raise


@jobs.handler("pairings.examine_suggestion")
def examine_suggestion(suggestion_id: int) -> None:
    actions.examine_suggestion(suggestion_id=suggestion_id, now=clock.now())


@jobs.handler("pairings.send_offer")
def send_offer(offer_id: int) -> None:
    actions.send_offer(offer_id=offer_id, now=clock.now())


@jobs.handler("pairings.propose_next")
def propose_next(offer_id: int) -> None:
    actions.propose_next(offer_id=offer_id, now=clock.now())


@jobs.handler("pairings.what_if")
def answer_what_if(what_if_id: int) -> None:
    """Answer one question; one that cannot be answered says so, and is not tried again."""
    try:
        actions.answer_what_if(what_if_id=what_if_id, now=clock.now())
    except Exception:
        actions.give_up_what_if(what_if_id=what_if_id, problem=WhatIfProblem.BROKEN, now=clock.now())
        raise


@jobs.handler("pairings.learn")
def learn_from_decisions(programme_id: int) -> None:
    actions.learn_from_decisions(programme_id=programme_id, now=clock.now())


@shared_task(name="pairings.expire_offers", ignore_result=True)
def expire_offers() -> int:
    return actions.expire_offers(now=clock.now())


@shared_task(name="pairings.remind_of_offers", ignore_result=True)
def remind_of_offers() -> int:
    return actions.remind_of_offers(now=clock.now())


@shared_task(name="pairings.write_to_those_who_wait", ignore_result=True)
def write_to_those_who_wait() -> int:
    return actions.write_to_those_who_wait(now=clock.now())


@shared_task(name="pairings.close_wound_down", ignore_result=True)
def close_wound_down() -> int:
    return actions.close_wound_down(now=clock.now())


@jobs.handler("pairings.look_at_offer")
def look_at_offer(offer_id: int) -> None:
    actions.look_at_offer(offer_id=offer_id, now=clock.now())


@jobs.handler("pairings.look_at_proofs")
def look_at_proofs(pairing_id: int) -> None:
    actions.look_at_proofs(pairing_id=pairing_id, now=clock.now())


@shared_task(name="pairings.suspend_uncleared", ignore_result=True)
def suspend_uncleared() -> int:
    return actions.suspend_uncleared(now=clock.now())


@shared_task(name="pairings.forget_what_ifs", ignore_result=True)
def forget_what_ifs() -> int:
    return actions.forget_what_ifs(now=clock.now())


@shared_task(name="pairings.ask_to_learn", ignore_result=True)
def ask_to_learn() -> int:
    return actions.ask_to_learn()
