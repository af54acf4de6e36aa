"""What a check found, as a value: nothing is raised, nothing is lost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found.

    check    short key of the check, e.g. `source.empty`
    where    file, line or row it was found at, as the reader would say it
    message  Chinese sentence: what, where, and what to do
    """

    check: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Place:
    """A span of a text.

    file   name of the file
    para   1-based line
    start  offset within the line, first character
    end    offset within the line, after the last character
    claim  number of the claim that stands there (`Claim.number`), or None
    """

    file: str
    para: int
    start: int
    end: int
    claim: int | None = None

    def as_json(self) -> dict[str, object]:
        """The place as `plumbline check --as jsonl` prints it."""
        return {"file": self.file, "para": self.para, "start": self.start, "end": self.end}


AGREES, DIFFERS, CANNOT_TELL = "agrees", "differs", "cannot tell"


@dataclass(frozen=True, slots=True)
class Statement:
    """A relation between numbers of one or two texts, and whether it holds.

    kind     identity | difference | derived | across
    verdict  agrees | differs | cannot tell
    why      Chinese sentence with the numbers as printed and the interval they allow
    places   every number the statement rests on, in the order `why` names them
    """

    kind: str
    verdict: str
    why: str
    places: tuple[Place, ...]

    def as_json(self) -> dict[str, object]:
        """The line `plumbline check --as jsonl` prints."""
        return {"kind": self.kind, "verdict": self.verdict, "why": self.why,
                "places": [place.as_json() for place in self.places]}
