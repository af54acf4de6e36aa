"""Work done in a process of its own, so that it can be stopped and cannot take the worker along."""

import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess

from django.db import connections


class Aside:
    """One piece of work at a time, in a process of its own, for at most so many seconds."""

    def __init__(self, work: Callable[[], None], longest: float):
        self.work, self.longest, self.until = work, longest, 0.0
        self.worker: BaseProcess | None = None

    def begin(self) -> None:
        """Begin; what is still under way is stopped."""
        self.end()
        connections.close_all()
        self.worker = multiprocessing.get_context("fork").Process(target=self.work, daemon=True)
        self.worker.start()
        self.until = time.monotonic() + self.longest

    def under_way(self) -> bool:
        """Whether it is; what takes too long is stopped."""
        if self.worker is not None and (not self.worker.is_alive() or time.monotonic() > self.until):
            self.end()
        return self.worker is not None

    def wait(self) -> None:
        """Until it is done, or has taken too long."""
        if self.worker is not None:
            self.worker.join(max(0.0, self.until - time.monotonic()))
            self.end()

    def end(self) -> None:
        """Stop it where it still runs."""
        if self.worker is not None:
            self.worker.kill()
            self.worker.join()
            self.worker = None


class Turns:
    """Work begun aside whenever some waits, looked for at most so often: it holds nothing up, and is stopped where it hangs."""

    def __init__(self, waiting: Callable[[], object], work: Callable[[], None], longest: float, pause: float):
        self.waiting, self.pause, self.at = waiting, pause, 0.0
        self.aside = Aside(work, longest)

    def take_up(self) -> bool:
        """Begin what waits; whether anything was begun."""
        if self.aside.under_way() or time.monotonic() - self.at < self.pause:
            return False
        self.at = time.monotonic()
        if not self.waiting():
            return False
        self.aside.begin()
        return True
