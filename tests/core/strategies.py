"""Makes values of ours for properties: shots, briefs, requests, takes."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import evolve
from hypothesis import strategies as st

from shotcaller.catalog import (
    Quote,
    Vote,
)
from shotcaller.containers import TYPES
from shotcaller.shot import Brief, Cut, Fallback, Kind, Media, Shot
from shotcaller.take import (
    Attempt,
    Clip,
    Cost,
    Done,
    Failed,
    Footage,
    Problem,
    Receipt,
    Running,
    State,
    Status,
    Take,
    Ticket,
)
from shotcaller.wire import File, Request, Response

texts = st.text(st.characters(codec="utf-8"), max_size=20)
words = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
prompts = texts.map(lambda text: text if text.strip() else f"{text}.")
amounts = st.decimals(0, 1_000, places=4)
costs = st.none() | amounts
times = st.floats(0, 2e9)
charges = st.sampled_from(["yes", "no", "unknown"])
dates = st.dates(date(2024, 1, 1), date(2030, 1, 1))
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
lengths = st.integers(1, 60).map(float) | st.floats(0.01, 3_600)
ratios = st.sampled_from(["16:9", "9:16", "1:1", "21:9"])
resolutions = st.sampled_from(["480p", "720p", "1080p", "4k"])

plain = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts
json_values: st.SearchStrategy[Any] = st.recursive(
    plain | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
    ),
    max_leaves=6,
)
tables = st.dictionaries(words, json_values, max_size=3)

media = st.builds(
    Media,
    source=prompts.map(lambda text: text.replace("\0", "0")),
    kind=st.sampled_from(Kind),
    sha256=st.none() | digests,
    bytes=st.none() | st.integers(0, 2**40),
    width=st.none() | st.integers(1, 10_000),
    height=st.none() | st.integers(1, 10_000),
    type=st.none() | st.sampled_from(sorted(TYPES.values())),
    seconds=st.none() | lengths,
)
images = media.map(lambda item: evolve(item, kind=Kind.IMAGE))
videos = media.map(lambda item: evolve(item, kind=Kind.VIDEO))
cuts = st.builds(Cut, prompts, st.none() | lengths)


@st.composite
def shots(draw: st.DrawFn) -> Shot:
    """Makes any shot there can be."""
    image = draw(st.none() | images)
    pieces = draw(st.lists(cuts, max_size=3))
    return Shot(
        draw(prompts),
        seconds=None if pieces else draw(st.none() | lengths),
        ratio=draw(st.none() | ratios),
        resolution=draw(st.none() | resolutions),
        sound=draw(st.none() | st.booleans()),
        image=image,
        last_image=None if image is None else draw(st.none() | images),
        references=draw(st.lists(media, max_size=3)),
        extend=draw(st.none() | videos),
        cuts=pieces,
        negative=draw(st.none() | prompts),
        seed=draw(st.none() | st.integers(0, 2**63 - 1)),
        options=draw(st.dictionaries(words, tables, max_size=2)),
    )


briefs = st.builds(
    Brief,
    intent=st.none() | words,
    budget=costs,
    weights=st.none() | words,
    model=st.none() | words,
    only=st.lists(words, max_size=2),
    avoid=st.lists(words, max_size=2),
    deadline=st.none() | st.floats(0, 1e9),
    fallback=st.booleans() | st.sampled_from(Fallback),
    again=texts,
    unknown_price=st.booleans(),
    project=st.sampled_from([None, "film"]),
    quote=st.sampled_from([None, "q1"]),
    content_fallback=st.booleans(),
)
quotes = st.builds(
    Quote, low=costs, expected=costs, high=costs, source=texts, as_of=st.none() | dates
)
votes = st.builds(
    Vote,
    by=st.sampled_from(["fit", "quality", "cost", "policy", "house"]),
    value=st.floats(0, 1),
    reason=texts,
    weight=st.none() | st.floats(0, 1_000),
)
contents = (
    st.none()
    | st.binary(max_size=8)
    | st.builds(
        File, path=texts, start=st.just(0), length=st.integers(0, 99), sha256=digests
    )
)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Makes requests as a plugin yields them, without a secret."""
    content = draw(contents)
    return Request(
        draw(st.sampled_from(["GET", "POST", "PUT"])),
        draw(texts),
        params=draw(st.dictionaries(words, texts, max_size=2)),
        headers=draw(st.dictionaries(words, texts, max_size=2)),
        json=draw(json_values) if content is None else None,
        content=content,
    )


responses = st.builds(
    Response,
    status=st.integers(100, 599),
    headers=st.dictionaries(words, texts, max_size=2),
    body=st.binary(max_size=20),
)
tickets = st.builds(Ticket, gateway=words, model=words, remote_id=texts, data=tables)
fractions = st.floats(0, 1)
running = st.builds(
    Running,
    note=texts,
    ahead=st.none() | st.integers(0, 99),
    fraction=st.none() | fractions,
    wait=st.none() | times,
)
done = st.builds(Done, url=texts, billed=costs, facts=tables)
drawn = st.builds(Done, path=texts, billed=costs, facts=tables)
failed = st.builds(Failed, reason=texts, charged=charges, code=words)
statuses: st.SearchStrategy[Status] = running | done | drawn | failed
measures = {
    "path": texts,
    "bytes": st.integers(0, 2**40),
    "sha256": digests,
    "seconds": st.none() | times,
    "width": st.none() | st.integers(1, 9_999),
    "height": st.none() | st.integers(1, 9_999),
    "fps": st.none() | st.floats(1, 240),
    "sound": st.none() | st.booleans(),
}
footage = st.builds(Footage, **measures)
problems = st.builds(Problem, code=words, message=texts, charged=charges)
receipts = st.builds(
    Receipt,
    take=words,
    model=words,
    gateway=words,
    title=texts,
    shot=shots(),
    cost=st.builds(Cost, quoted=costs, billed=costs),
    attempts=st.tuples(
        st.builds(
            Attempt,
            take=words,
            model=words,
            state=st.sampled_from(State),
            reason=texts,
            charged=charges,
        )
    ),
    warnings=st.tuples(texts),
    created=times,
    finished=times,
)
clips = st.builds(Clip, **measures, receipt=receipts)
takes = st.builds(
    Take,
    id=words,
    key=words,
    digest=digests,
    brief=briefs,
    asked=shots(),
    model=words,
    title=texts,
    gateway=words,
    account=texts,
    plugin=texts,
    quote=quotes,
    candidates=st.tuples(st.tuples(words, quotes)) | st.just(()),
    reserved=costs,
    folder=texts,
    output=st.none() | texts,
    parent=st.none() | words,
    state=st.sampled_from(State),
    epoch=st.integers(0, 99),
    owner=st.none() | words,
    due=times,
    created=times,
    updated=times,
    heir=st.none() | words,
    attempt=st.integers(0, 9),
    misses=st.integers(0, 9),
    sent=st.none() | shots(),
    request=st.none() | requests(),
    sent_at=st.none() | times,
    reply=st.none() | responses,
    ticket=st.none() | tickets,
    status=st.none() | statuses,
    footage=st.none() | footage,
    billed=costs,
    warnings=st.tuples(texts),
    problem=st.none() | problems,
)
