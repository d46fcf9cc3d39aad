"""The library's answers as the API's."""

from __future__ import annotations

from mpsr.api import models
from mpsr.api.served import Served
from mpsr.explain.explanation import Explanation
from mpsr.search.neighbours import Neighbours
from mpsr.search.request import Request


async def answer_to(here: Served, request: Request) -> models.Answer:
    """Search, and write the answer down."""
    return await here.run(lambda: _answer(here, here.service.search(request)))


def _answer(here: Served, found: Neighbours) -> models.Answer:
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
