"""Makes what may be on offer, for properties: gateways, models, prices."""

from __future__ import annotations

from attrs import evolve
from hypothesis import strategies as st

from shotcaller.catalog import (
    GIVEN,
    Capabilities,
    Evidence,
    Form,
    Gateway,
    Lengths,
    Lifecycle,
    Model,
    Operation,
    Option,
    Pictures,
    Price,
    Rate,
    Safety,
    Sound,
    Surcharge,
    Unit,
    Upload,
)
from shotcaller.shot import Kind
from tests.core.strategies import (
    amounts,
    dates,
    lengths,
    plain,
    ratios,
    resolutions,
    times,
)

labels = st.sampled_from(["", "A label", "\N{SNOWMAN} it's"])  # quicker than any text
names = st.sampled_from(["a", "kling-2", "paper", "x9"])
gateways = st.builds(
    Gateway,
    id=names,
    title=labels,
    homepage=labels,
    credentials=st.tuples(st.tuples(names)) | st.just(()),
    api_hosts=st.tuples(names) | st.just(()),
    media_hosts=st.tuples(names),
    concurrency=st.none() | st.integers(1, 9),
    uploads=st.tuples(
        st.builds(Upload, kind=st.sampled_from(Kind), max_bytes=st.integers(0, 2**40))
    ),
    verdicts=st.tuples(names) | st.just(()),
    safety=st.sampled_from(Safety),
    key_lives=times,
    refusals=st.frozensets(st.integers(400, 599), max_size=3),
    busy=st.frozensets(st.integers(400, 599), max_size=3),
    doubts=st.frozensets(st.integers(400, 599), max_size=3),
    key_header=st.just("") | names,
)


@st.composite
def offered_lengths(draw: st.DrawFn) -> Lengths:
    """Makes lists and ranges of lengths, some with steps."""
    if draw(st.booleans()):
        return Lengths.of(*draw(st.lists(lengths, min_size=1, max_size=4)))
    low = float(draw(st.integers(1, 20)))
    step = draw(st.sampled_from([0.0, 0.5, 1.0, 2.0]))
    return Lengths(low, low + draw(st.integers(0, 40)), step)


@st.composite
def options(draw: st.DrawFn) -> Option:
    """Makes options, some with choices and some with bounds."""
    form = draw(st.sampled_from(Form))
    bounded = form in {Form.WHOLE, Form.NUMBER}
    bounds = sorted(draw(st.tuples(st.integers(-9, 9), st.integers(-9, 9))))
    low, high = bounds if bounded else (None, None)
    tried = Option(draw(names), draw(labels), form=form, low=low, high=high)
    given = draw(st.lists(plain, max_size=2))
    choices = [value for value in given if not tried.wrong(value)]
    return evolve(tried, choices=tuple(choices))


def limits(values: st.SearchStrategy[int]) -> st.SearchStrategy[dict[Kind, int]]:
    """Makes limits by kind."""
    return st.dictionaries(st.sampled_from(Kind), values)


capabilities = st.builds(
    Capabilities,
    operations=st.frozensets(st.sampled_from(Operation), min_size=1),
    seconds=offered_lengths(),
    ratios=st.lists(ratios, unique=True).map(tuple),
    default_ratio=st.none() | ratios,
    resolutions=st.lists(resolutions, unique=True).map(tuple),
    default_resolution=st.none() | resolutions,
    sound=st.sampled_from(Sound),
    references=limits(st.integers(0, 4)),
    most_references=st.none() | st.integers(0, 6),
    sound_alone=st.booleans(),
    media_bytes=limits(st.integers(0, 2**40)),
    pictures=st.builds(
        Pictures,
        types=st.sampled_from([(), ("image/png",), ("image/jpeg", "image/png")]),
        shortest=st.integers(1, 1_000),
        narrowest=st.floats(0, 1),
        widest=st.none() | st.floats(1, 9),
    ),
    prompt=st.integers(1, 5_000),
    cuts=st.integers(0, 4),
    cut_seconds=st.none() | offered_lengths(),
    negative=st.booleans(),
    seed=st.booleans(),
    urls=st.booleans(),
    ratio_from_image=st.booleans(),
    options=st.lists(options(), max_size=2, unique_by=lambda option: option.name).map(
        tuple
    ),
)
conditions = st.fixed_dictionaries(
    {},
    optional={
        "operation": st.sampled_from(Operation).map(str),
        "resolution": resolutions,
        "seconds": st.integers(1, 60).map(str),
        "sound": st.sampled_from(["on", "off"]),
        "video": st.just(GIVEN),
    },
)
spans = st.tuples(lengths, lengths).map(lambda pair: (min(pair), max(pair)))
rates = (
    st.builds(Rate, usd=amounts, per=st.just(Unit.CLIP), when=conditions)
    | st.builds(
        Rate,
        usd=amounts,
        per=st.just(Unit.SECOND),
        when=conditions,
        input_seconds=st.none() | spans,
    )
    | st.builds(
        Rate,
        usd=amounts,
        per=st.just(Unit.TOKEN),
        when=conditions,
        pixels=st.none() | st.integers(1, 10**7),
        input_seconds=st.none() | spans,
    )
)
prices = st.builds(
    Price,
    rates=st.lists(rates, max_size=4),
    source=labels,
    as_of=dates,
    surcharges=st.lists(
        st.builds(
            Surcharge,
            usd=amounts,
            kind=st.sampled_from(Kind),
            beyond=st.integers(0, 3),
        ),
        max_size=2,
    ),
)
evidence = st.builds(
    Evidence,
    about=st.sampled_from(["quality", "quality-image", "speed"]),
    value=st.floats(0, 1),
    source=labels,
    as_of=dates,
    margin=st.floats(0, 1),
    judged=st.booleans(),
)
lifecycles = st.builds(
    Lifecycle,
    retires_on=st.none() | dates,
    successor=st.none() | names,
    note=labels,
    source=labels,
    missing_since=st.none() | dates,
)


@st.composite
def by_operation(
    draw: st.DrawFn, within: Capabilities
) -> dict[Operation, Capabilities]:
    """Makes what a model can do where it starts from some of what it starts from."""
    found = {}
    for operation in draw(st.sets(st.sampled_from(sorted(within.operations)))):
        together = draw(st.sets(st.sampled_from(sorted(within.operations))))
        can = draw(capabilities)
        found[operation] = evolve(can, operations=together | {operation})
    return found


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Makes models, some of which can do less with some shots than with others."""
    can = draw(capabilities)
    return Model(
        id=f"{draw(names)}/{draw(names)}",
        title=draw(labels),
        maker=draw(names),
        capabilities=can,
        by_operation=draw(st.just({}) | by_operation(can)),
        price=draw(st.none() | prices),
        evidence=draw(st.lists(evidence, max_size=3)),
        lifecycle=draw(lifecycles),
        traits=draw(st.frozensets(names, max_size=3)),
        artificial=draw(st.booleans()),
        listed=draw(st.booleans()),
    )
