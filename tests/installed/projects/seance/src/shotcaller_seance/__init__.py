"""A third party's plugin that fails as soon as it is imported."""

message = "the spirits are silent"
raise RuntimeError(message)
