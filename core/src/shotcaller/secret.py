"""Holds a key so that it cannot be printed, compared for order, pickled or stored."""

from __future__ import annotations

from typing import NoReturn, final


@final
class Secret:
    """Wraps a key; only :meth:`reveal` gives it back.

    ``str`` and ``repr`` show a mask, and pickling and copying raise
    :class:`TypeError`, so that a key cannot end up in a log, a queue or a journal.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Returns the key itself; for the transport, at the last moment."""
        return self._value

    def formatted(self, template: str) -> Secret:
        """Returns a secret with the key put where ``template`` says ``{}``."""
        return Secret(template.format(self._value))

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        msg = "a Secret cannot be pickled or copied"
        raise TypeError(msg)
