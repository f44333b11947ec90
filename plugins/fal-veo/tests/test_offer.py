from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotcaller import pricing
from shotcaller.accounts import Account
from shotcaller.catalog import Model
from shotcaller.fitting import Offer, reasons
from shotcaller.shot import Brief, Shot
from shotcaller_fal import GATEWAY
from shotcaller_fal.testing import misfits, sent, shots, wrong
from shotcaller_fal_veo.offer import VEO

TODAY = date(2026, 10, 9)
MODELS = {model.id: model for model in VEO.models}
each = pytest.mark.parametrize("model", VEO.models, ids=MODELS)


def why_not(model: Model, shot: Shot) -> list[str]:
    offer = Offer(model, Account(GATEWAY), pricing.quote(model, shot), TODAY)
    return [reason.code for reason in reasons(offer, shot, Brief(model=model.id))]


@each
@given(data=st.data())
def test_whatever_a_model_declares_its_endpoint_takes(
    model: Model, data: st.DataObject
) -> None:
    shot = data.draw(shots(model))

    assert why_not(model, shot) == []
    assert wrong(*sent(VEO.submit(model, shot))) == ()


@each
@given(data=st.data())
def test_what_a_model_cannot_do_is_refused_before_any_request(
    model: Model, data: st.DataObject
) -> None:
    shot, code = data.draw(misfits(model))

    assert code in why_not(model, shot)
