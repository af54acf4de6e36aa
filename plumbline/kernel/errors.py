"""The five errors of Plumbline.

    PlumblineError
    ├── BadDeclaration   a developer wrote it; stops start-up
    ├── BadInput         a person or a source sent it; carries findings
    ├── NotAllowed       this user may not do that
    ├── Conflict         somebody was quicker; reload and try again
    └── SourceDown       a source did not answer; the job tries again
"""

from collections.abc import Iterable

from plumbline.kernel.finding import Finding


class PlumblineError(Exception):
    """Whatever Plumbline raises on purpose."""


class BadDeclaration(PlumblineError):
    """A declaration is wrong; names the file and says what to write."""


class BadInput(PlumblineError):
    """Input that cannot be used, with every finding at once."""

    def __init__(self, findings: Iterable[Finding]):
        self.findings = tuple(findings)
        super().__init__("；".join(f.message for f in self.findings))


class NotAllowed(PlumblineError):
    """The user may not see or change this."""


class Conflict(PlumblineError):
    """The thing was changed by somebody else meanwhile."""


class SourceDown(PlumblineError):
    """A source outside the process did not answer."""
