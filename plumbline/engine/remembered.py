"""Answers kept for a while: of files that never change, an answer never does either."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Remembered(Generic[Answer]):
    """At most so many answers by their question, the longest unused one dropped first; for many threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, question: Hashable) -> Answer | None:
        """What was answered, None where nothing is kept."""
        with self._lock:
            if question in self._kept:
                self._kept.move_to_end(question)
            return self._kept.get(question)

    def put(self, question: Hashable, answer: Answer) -> None:
        """Keep an answer."""
        with self._lock:
            self._kept[question] = answer
            if len(self._kept) > self.most:
                self._kept.popitem(last=False)
