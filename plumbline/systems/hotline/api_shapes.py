"""What the API takes and gives, as its OpenAPI says it."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.utils import timezone
from ninja import Field, Schema
from pydantic import AfterValidator, ConfigDict, StringConstraints

DEEPEST = 100_000


def moment(told: datetime) -> datetime:
    """An instant; in the time of the city where it does not say its own. ValueError for one no calendar here reaches."""
    if not 1900 < told.year < 2200:
        raise ValueError("a year from 1901 to 2199")
    return told if timezone.is_aware(told) else timezone.make_aware(told)


Moment = Annotated[datetime, AfterValidator(moment)]

Short = Annotated[str, StringConstraints(max_length=300)]
Long = Annotated[str, StringConstraints(max_length=5000)]
Key = Annotated[str, StringConstraints(max_length=60)]
Degrees = Annotated[Decimal, Field(ge=-180, le=180, decimal_places=12, max_digits=15)]
Told = dict[Key, Short | int | bool | None]


class Strict(Schema):
    """What is sent: a part that is not known is refused, so that a typing mistake is not silently lost."""

    model_config = ConfigDict(extra="forbid")


Asked = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00-\x1f]*$")]


class ListAsk(Strict):
    """Which orders: empty parts do not narrow. since, until: of the day received; updated_after: of the last change."""

    kind: Asked = ""
    state: Asked = ""
    state_kind: Asked = Field("", description="open | waiting | done | void")
    area: Asked = ""
    place: Asked = ""
    topic: Asked = ""
    office: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    since: Moment | None = None
    until: Moment | None = None
    updated_after: Moment | None = None
    page: Annotated[int, Field(ge=1, le=DEEPEST)] = 1
    size: Annotated[int, Field(ge=1, le=500)] = 100


class FindingOut(Schema):
    """One thing that was wrong."""

    check: str
    where: str
    message: str


class Trouble(Schema):
    """Why a request was not carried out; the same everywhere in this product."""

    status: int
    title: str
    advice: str
    findings: list[FindingOut] = []


class AskerIn(Strict):
    """Who asked; goes in, and never comes out of this door."""

    name: Annotated[str, StringConstraints(max_length=50)] = ""
    phone: Annotated[str, StringConstraints(max_length=30)] = ""
    email: Annotated[str, StringConstraints(max_length=100)] = ""
    secret: bool = False


class OrderIn(Strict):
    """A new order."""

    kind: Key
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    text: Long = ""
    topic: Annotated[str, StringConstraints(max_length=120)] = ""
    urgency: Annotated[str, StringConstraints(max_length=20)] = ""
    area: Annotated[str, StringConstraints(max_length=6)] = Field("", description="区划代码；留空为密钥主人的地区")
    place: Annotated[str, StringConstraints(max_length=12)] = Field("", description="街道 9 位代码或社区 12 位代码")
    address: Annotated[str, StringConstraints(max_length=200)] = ""
    lng: Degrees | None = None
    lat: Degrees | None = None
    fields: Told = {}
    asker: AskerIn | None = None


class MoveIn(Strict):
    """A move; `version` is the one last read, so that nobody else's change is run over."""

    move: Key
    version: Annotated[int, Field(ge=0, le=2**31 - 1)]
    reason: Short = ""
    office: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    reply: Long = ""
    evidence: Annotated[str, StringConstraints(max_length=500)] = ""
    fields: Told = {}


class NoteIn(Strict):
    """A note; a public one is read by the person who asked."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=5000)]
    public: bool = False


class MoveOut(Schema):
    """A move that may be made now, and what it asks."""

    key: str
    label: str
    needs: list[str]
    takes: list[str]


class StepOut(Schema):
    """Something that happened."""

    n: int
    move: str
    label: str
    at: datetime
    office: str
    why: str
    told: str


class OrderOut(Schema):
    """An order as a list shows it; nobody's telephone."""

    number: str
    kind: str
    title: str
    topic: str
    urgency: str
    source: str
    state: str
    state_kind: str
    area: str
    place: str
    address: str
    office: str
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    level: int
    version: int


class OrderFull(OrderOut):
    """An order with its text, fields, story and the moves the key's owner may make now."""

    text: str
    lng: Decimal | None
    lat: Decimal | None
    fields: dict[str, Any]
    moves: list[MoveOut]
    story: list[StepOut]


class Orders(Schema):
    """One page of a list; `more` where another follows."""

    orders: list[OrderOut]
    page: int
    more: bool


class Opened(Schema):
    """A new order; `code` is the secret of the person who asked."""

    number: str
    code: str
    version: int


class Moved(Schema):
    """An order after a move."""

    number: str
    state: str
    version: int


class Kept(Schema):
    """The number of what was kept."""

    id: int


class FieldOut(Schema):
    """A field of a kind."""

    key: str
    label: str
    type: str
    choices: list[str]


class KindOut(Schema):
    """A kind of order as it is declared: who may open one, fields, states by key, moves."""

    key: str
    label: str
    meaning: str
    opens: list[str]
    fields: list[FieldOut]
    states: dict[str, str]
    moves: list[MoveOut]
