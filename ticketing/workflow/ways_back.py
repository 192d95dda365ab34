"""Where a run stands after it was sent back to an earlier step. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ticketing.workflow.process import Process
from ticketing.workflow.snapshot import Token


def tokens_after_going_back(
    process: Process, tokens: Iterable[Token], to: str
) -> tuple[Token, ...]:
    """Return the tokens with which a run goes on from an earlier step.

    Whatever follows that step is given up, on parallel branches too. Where branches had met
    already, those that need not be walked again count as having come to the join.
    """
    given_up = process.flow.downstream(to) | {to}
    stay = [token for token in tokens if _place(token) not in given_up]
    timers = [Token(timer.name) for timer in process.timers if timer.step == to]
    again = _arrivals(process, frozenset(map(_place, stay)), given_up)
    return tuple(sorted({*stay, Token(to), *timers, *again}))


def _arrivals(
    process: Process, standing: frozenset[str], given_up: frozenset[str]
) -> Iterator[Token]:
    """Yield an arrival for each branch of a join that is waited for and nobody walks."""
    coming = standing.union(*(process.flow.downstream(place) for place in standing))
    for join in process.joins & given_up:
        for branch in process.flow.before[join]:
            if branch not in given_up | coming:
                yield Token(join, branch)


def _place(token: Token) -> str:
    return token.came_from or token.node
