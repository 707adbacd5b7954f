"""Run the tasks of verify in parallel, with progress, and put their reports together."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from quizlib.threads import use_one_thread
from quizlib.verify.cache import Cache, cache_folder
from quizlib.verify.depth import QUICK, Depth
from quizlib.verify.report import LessonReport, Report, merged
from quizlib.verify.selection import chosen_lessons, require_items
from quizlib.verify.tasks import Task, died, run, tasks_of


def verify(
    solutions: Path,
    lessons: Sequence[str] = (),
    *,
    only: Sequence[str] = (),
    fresh: bool = False,
    depth: Depth = QUICK,
    workers: int | None = None,
    console: Console | None = None,
) -> Report:
    """Verify lessons of a course, all of them by default.

    Args:
        solutions: Folder laid out like `solutions/`.
        lessons: Ids of lessons.
        only: Ids of questions and exercises; all of those lessons by default.
        fresh: Reuse no verdict of an earlier run.
        depth: How much of each exercise is run.
        workers: Processes to run; as many as there are cores by default.
        console: Where progress is shown; nowhere by default.

    Raises:
        SpecError: there is no such lesson or item, or a file of the course breaks the rules.
    """
    chosen = chosen_lessons(solutions, lessons)
    tasks = _only([task for lesson in chosen for task in tasks_of(solutions, lesson, depth)], only)
    cache = Cache(cache_folder(solutions))
    reports = [] if fresh else [(task, found) for task in tasks if (found := cache.find(task.report_key)) is not None]
    reused = {task for task, _ in reports}
    left = [task for task in tasks if task not in reused]
    for task, report in _shown(_run_all(left, workers or os.cpu_count() or 1), len(left), console):
        cache.keep(task.report_key, report)
        reports.append((task, report))
    ordered = sorted(reports, key=lambda pair: tasks.index(pair[0]))
    return merged((task.lesson, part) for task, part in ordered)


def _only(tasks: list[Task], items: Sequence[str]) -> list[Task]:
    """Return the tasks of some items, all where none is named."""
    require_items(items, {task.item for task in tasks})
    return [task for task in tasks if task.item in items or not items]


def _run_all(tasks: Sequence[Task], workers: int) -> Iterator[tuple[Task, LessonReport]]:
    """Yield each task's report as it is done; a worker that dies becomes a problem of the tasks it took along."""
    if not tasks:
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(tasks)), mp_context=context, initializer=_settle) as pool:
        futures = {pool.submit(run, task): task for task in tasks}
        for future in as_completed(futures):
            yield futures[future], _result(future, futures[future])


def _result(future: Future[LessonReport], task: Task) -> LessonReport:
    try:
        return future.result()
    except BrokenProcessPool:
        return died(task)


def _settle() -> None:
    """Make a worker quiet and single-threaded before it loads anything."""
    use_one_thread()
    from quizlib.zoo.quiet import quiet

    quiet()
    import torch

    torch.set_num_threads(1)


def _shown(
    pairs: Iterable[tuple[Task, LessonReport]], total: int, console: Console | None
) -> Iterator[tuple[Task, LessonReport]]:
    """Pass reports on, and show how far the work is."""
    if console is None or total == 0:
        yield from pairs
        return
    text = TextColumn("{task.description}")
    columns = (SpinnerColumn(), text, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("verifying", total=total)
        for task, report in pairs:
            progress.update(bar, advance=1, description=task.label)
            yield task, report
