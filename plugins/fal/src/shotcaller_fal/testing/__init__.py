"""Is the kit for families of models: shots that a model takes, and shots it must not.

Both are made of nothing but what a model declares, so that a test can hold it to its
word: whatever it says it takes, its endpoint must take, and the rest is refused before
any request. It needs Hypothesis, which whoever tests has to install.
"""

from __future__ import annotations

from shotcaller_fal.testing.refusing import misfits
from shotcaller_fal.testing.sending import sent, wrong
from shotcaller_fal.testing.taking import shots

__all__ = ["misfits", "sent", "shots", "wrong"]
