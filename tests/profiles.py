"""How many examples of a property are seen, and how long each may take."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# How long an example takes tells of the machine's load, not of the test.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", patient, max_examples=50)
settings.register_profile("brief", patient, derandomize=True, max_examples=10)
settings.register_profile("ci", patient, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
