"""Looking at the rows behind a figure: who looked is written down."""

from typing import Any

from django.db import transaction

from plumbline.kernel import NotAllowed
from plumbline.store.figures.tables import Figure
from plumbline.store.journal.writing import Write, record


@transaction.atomic
def looked(user: Any, figure: Figure) -> None:
    """Write down that a person looks at the rows behind a figure.

    Raises  NotAllowed where he does not see the figure
    """
    if not Figure.objects.visible_to(user).filter(pk=figure.pk).exists():
        raise NotAllowed("这个数不在您可以查看的范围内。")
    record(user, Write("figure.rows", "figure", figure.pk, None, {
        "indicator": figure.indicator, "area": figure.area, "period": figure.period}, area=figure.area[:6]))
