"""The demo's tasks of the plan, walked by people of the offices that hold them. All of it is invented."""

from django.conf import settings
from django.utils import timezone

from plumbline.site.commands.demo_orders import demos
from plumbline.store import people
from plumbline.store.models import Office, User


def walk(planner: User, password: str) -> int:
    """Walk the tasks of the example's plan, in every system whose demo has some; once. How many orders are new."""
    def holder(office: Office) -> User:
        known = User.objects.filter(office=office, role="office", is_active=True).order_by("pk").first()
        label = f"{office.name}经办人（模拟）"
        return known or people.create_user(
            None, f"moni{office.pk}", password, label=label, role="office", area=office.area, office=office)

    return sum(demo.walk(planner, holder, settings.CATALOG, timezone.now()) for demo in demos() if hasattr(demo, "walk"))
