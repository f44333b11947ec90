"""Draws the live progress bar; the only place that loads the library to draw it."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Self

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, ProgressColumn, Task
from rich.table import Column
from rich.text import Text

from shotcaller import expecting
from shotcaller.catalog import NO_HISTORY
from shotcaller.programs import outcomes
from shotcaller.registry import Registry
from shotcaller.take import Take
from shotcaller_cli import screen, words


class Field(ProgressColumn):
    """Shows one field of the task, cut where the terminal is too narrow."""

    def __init__(self, name: str, *, most: int | None = None) -> None:
        column = Column(no_wrap=True, overflow="ellipsis", max_width=most)
        super().__init__(table_column=column)
        self._name = name

    def render(self, task: Task) -> Text:
        """Returns the field as it is now."""
        return Text(str(task.fields[self._name]))


class Elapsed(ProgressColumn):
    """Shows the time that has passed, and the time that is expected if known."""

    def render(self, task: Task) -> Text:
        """Returns both times."""
        text = words.span(task.elapsed or 0.0)
        expected = task.fields["expected"]
        if expected is not None:
            text += f" of about {words.span(expected)}"
        return Text(text, no_wrap=True)


class _Lines(Progress):
    """Writes the state above the rest: beside it, at 80 columns, it is cut."""

    def get_renderables(self) -> Iterable[RenderableType]:
        """Returns one line above the other."""
        for task in self.tasks:
            yield Text(task.fields["state"], no_wrap=True, overflow="ellipsis")
        yield self.make_tasks_table(self.tasks)


class Bar:
    """Is two lines that stay in place: the state, then model, share, time and cost."""

    def __init__(self, console: Console, registry: Registry) -> None:
        self._registry = registry
        self._progress = _Lines(
            Field("title", most=32),
            BarColumn(bar_width=None, table_column=Column(ratio=1, min_width=6)),
            Field("share"),
            Elapsed(),
            Field("cost"),
            console=console,
            transient=True,
            expand=True,
            refresh_per_second=8,
        )
        self._task = self._progress.add_task(
            "", total=None, state="starting", title="", share="", expected=None, cost=""
        )

    def __enter__(self) -> Self:
        """Begins to draw."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Takes the bar away: what follows says how it ended."""
        self._progress.stop()

    def watch(self, take: Take) -> None:
        """Draws how a take stands."""
        note = words.note(take)
        share = words.share(take)
        self._progress.update(
            self._task,
            total=None if share is None else 1.0,
            completed=share or 0.0,
            state=screen.safe(f"{take.state}: {note}" if note else str(take.state)),
            title=screen.safe(take.title),
            share="" if share is None else f"{share:.0%}",
            expected=self._expected(take),
            cost=words.cost(outcomes.cost(take)),
        )

    def _expected(self, take: Take) -> float | None:
        model = self._registry.model(take.model)
        if model is None:
            return None
        return expecting.seconds(model, NO_HISTORY, take.quote.seconds)
