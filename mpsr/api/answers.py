"""The library's answers as the API's."""

from __future__ import annotations

import secrets
from dataclasses import replace

from mpsr.api import models
from mpsr.api.served import Served
from mpsr.clicks.interleaving import CLICKS, CONTENT, team_draft
from mpsr.explain.explanation import Explanation
from mpsr.search.neighbours import Neighbour, Neighbours
from mpsr.search.request import Request


async def answer_to(here: Served, request: Request, session: str = "") -> models.Answer:
    """Search, and write the answer down.

    Args:
        here: what is served.
        request: what was asked.
        session: where rankings are interleaved, the same session gets the same list again.
    """
    return await here.run(_searched, here, request, session)


def _searched(here: Served, request: Request, session: str) -> models.Answer:
    service = here.service
    found = service.search(request)
    if not (here.interleave and request.clicks):
        return _answer(here, found, CLICKS if any(item.click for item in found.neighbours) else CONTENT)
    content = service.search(replace(request, clicks=False))
    return _interleaved(here, found, content, session)


def _interleaved(here: Served, clicks: Neighbours, content: Neighbours, session: str) -> models.Answer:
    """Both rankings in one list; pinned products keep their place and belong to neither."""
    pinned = {rank: item for rank, item in enumerate(clicks.neighbours) if item.pinned}
    rankings = [[item.id for item in one.neighbours if not item.pinned] for one in (content, clicks)]
    seed = f"{session or secrets.token_hex(8)} {clicks.label} {clicks.store}"
    items = {item.id: item for one in (content, clicks) for item in one.neighbours}
    count = len(clicks.neighbours) - len(pinned)
    drawn: list[tuple[Neighbour, str]] = [
        (items[one], arm) for one, arm in team_draft(rankings[0], rankings[1], count, seed)
    ]
    for rank, item in sorted(pinned.items()):
        drawn.insert(rank, (item, ""))
    answer = _answer(here, replace(clicks, neighbours=[item for item, _ in drawn]), "interleaved")
    for neighbour, (_, arm) in zip(answer.neighbours, drawn, strict=True):
        neighbour.arm = arm
    return answer


def _answer(here: Served, found: Neighbours, arm: str) -> models.Answer:
    return models.Answer(
        snapshot=found.store,
        query=models.QueryLabel(**found.label),
        request=found.request.as_json(),
        match_threshold=found.match_threshold,
        match_percentile=found.match_percentile,
        rules_digest=found.rules_digest,
        neighbours=[
            models.Neighbour(**item.as_json(), picture=here.picture_link(item.id))
            for item in found.neighbours
        ],
        arm=arm,
    )


async def explanation_of(here: Served, request: Request, product: str) -> models.Explanation:
    """Explain, and write the explanation down."""
    return await here.run(lambda: _explained(here, request, product, here.service.why(request, product)))


def _explained(here: Served, request: Request, product: str, why: Explanation) -> models.Explanation:
    words = why.words
    return models.Explanation(
        snapshot=here.snapshot,
        request=request.as_json(),
        product=product,
        score=why.score,
        text=why.text,
        image=why.image,
        lexical=why.lexical,
        percentile=here.service.percentile(why.score, request),
        sentence=why.sentence(),
        shared=why.shared,
        different=why.different,
        words=None if words is None else [models.Word(word=word, loss=loss) for word, loss in words],
        query_cells=None if why.query_cells is None else why.query_cells.tolist(),
        product_cells=None if why.product_cells is None else why.product_cells.tolist(),
        query_frame=why.query_frame,
        product_frame=why.product_frame,
        notes=why.notes,
    )
