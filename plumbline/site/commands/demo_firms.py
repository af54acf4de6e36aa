"""The demo's firms as they are served now: an account that speaks for one, what it asks, visits, a pack, a loan; how active."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.conf import settings
from django.utils import timezone

from plumbline.kernel import period as periods
from plumbline.store.batches.coverage import standing
from plumbline.store.models import Office, User
from plumbline.systems.enterprise import activity, money_rehearsal, policy_library, rehearsal

WHO, PAYERS = rehearsal.WHO, money_rehearsal.WHO
EXAMINES = "通州模拟人社局"
# months whose activity is reckoned: what a warning of the last one looks back at, and what the months before any money were
FIRST, MONTHS = date(2019, 10, 1), 9


def begin(people: Mapping[str, User]) -> int:
    """Let the demo's people serve some firms now; once. How many orders are new."""
    return rehearsal.begin(people, settings.CATALOG, timezone.now())


def publish(writer: User, approver: User) -> int:
    """Publish the first library of policies in a district, examined by one of its offices, once; how many are new."""
    office = Office.objects.get(name=EXAMINES, area=writer.area)
    return len(policy_library.publish(writer, approver, writer.area, office.pk))


def pay(people: Mapping[str, User]) -> int:
    """Give the money of one of them, once; how many applications there are."""
    return money_rehearsal.begin(people, settings.CATALOG, timezone.now())


def reckon(user: User) -> Iterator[str]:
    """Reckon the activity of the firms of a person's district, month by month, once; a line for each."""
    if standing(activity.ACTIVITY).exists():
        return
    for many in range(MONTHS):
        month = periods.months_later(FIRST, many)
        batch = activity.reckon(user, month, user.area, example=True)
        yield f"企业活跃度 {month:%Y-%m} {batch.rows} 条"
