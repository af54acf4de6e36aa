"""One notation of periods, and one name for a day."""

import pytest

from plumbline.kernel.period import is_period, span


@pytest.mark.parametrize("text", [
    "2025-01/2024-01", "2025H2/2025H1", "2025-06-30/2025-06-29", "２０２５H1", "2025-０1", "@20250630",
    "@2025-W27-1", "@２０２５-06-30", "2023-02-29", "@2023-02-29", "2025H3", "0000", "2025-01/", "/2025", "",
])
def test_what_is_no_period_is_none(text):
    assert not is_period(text)


@pytest.mark.parametrize(("text", "days"), [
    ("2024-02", ("2024-02-01", "2024-02-29")), ("2024-02-29", ("2024-02-29", "2024-02-29")),
    ("@2024-02-29", ("2024-02-29", "2024-02-29")), ("2024-12/2025-02", ("2024-12-01", "2025-02-28")),
    ("2025-06-30/2025-06-30", ("2025-06-30", "2025-06-30")),
])
def test_leap_days_and_ends_count(text, days):
    assert tuple(day.isoformat() for day in span(text)) == days
