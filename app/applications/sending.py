"""One thing that is being sent: what was frozen, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from app.applications.attachments import Named
from app.contract.applications import AttachmentRef
from app.contract.phrase import Phrase
from app.contract.problems import Problem
from app.contract.text import Text

State = Literal["waiting", "uploading", "sending", "uncertain", "delivered", "refused"]
"""waiting: nothing of it is under way; uncertain: sent, and not known whether it arrived; delivered and
refused are final."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """A frozen submission, or answer to a question. `body` and `key` never change once written down.

    `answers` counts what was answered, files apart. `reference`: of the application that a question was
    about; once delivered, of the application. `done` of `total` bytes of the files have arrived. `trouble`
    says why it waits, where there is something to say.
    """

    id: str
    kind: Literal["application", "answer"]
    reference: str | None
    service: str
    title: Text
    icon: str
    frozen_at: datetime
    key: str
    body: bytes
    previous: str | None
    answers: int
    files: tuple[Named, ...]
    draft: Mapping[str, Any]
    sent: bool = False
    """A POST of it was begun: from then on its fate can be unknown."""
    refusal: Problem | None = None
    state: State = "waiting"
    done: int = 0
    total: int = 0
    trouble: Phrase | None = None

    @property
    def final(self) -> bool:
        """Whether there is nothing left to do."""
        return self.state in ("delivered", "refused")

    def seen(self, *, online: bool) -> State:
        """Its state as a citizen sees it: without a network no try gets anywhere, so it waits."""
        return "waiting" if self.state == "sending" and not online else self.state

    @property
    def attachments(self) -> list[AttachmentRef]:
        """The files, each once."""
        return list({named.file.sha256: named.file for named in self.files}.values())

    @property
    def problem(self) -> Phrase | None:
        """Why it was refused, in the citizen's language; None where it was not."""
        return Phrase("{detail}", {"detail": self.refusal.detail}) if self.refusal else None

    def delivered(self, reference: str) -> OutboxItem:
        """This item once it has arrived: what it held is the backend's now."""
        return replace(self, state="delivered", reference=reference, body=b"", draft={}, trouble=None)

    def refused(self, problem: Problem) -> OutboxItem:
        """This item once it was refused: what it held is a draft again."""
        return replace(self, state="refused", refusal=problem, body=b"", draft={}, trouble=None)

    def to_json(self) -> dict[str, Any]:
        """This item as it is kept. What is under way is not: after a restart it begins anew."""
        return {
            "kind": self.kind,
            "reference": self.reference,
            "service": self.service,
            "title": self.title.root,
            "icon": self.icon,
            "frozen_at": self.frozen_at.isoformat(),
            "key": self.key,
            "body": self.body.decode(),
            "previous": self.previous,
            "answers": self.answers,
            "files": [{"path": n.path, "file": n.file.model_dump(mode="json")} for n in self.files],
            "draft": self.draft,
            "sent": self.sent,
            "refusal": self.refusal.model_dump(mode="json") if self.refusal else None,
            "final": self.state if self.final else None,
        }

    @classmethod
    def from_json(cls, item_id: str, kept: Any) -> OutboxItem:
        """The item that `to_json` wrote."""
        files = tuple(Named(n["path"], AttachmentRef.model_validate(n["file"])) for n in kept["files"])
        return cls(
            id=item_id,
            kind=kept["kind"],
            reference=kept["reference"],
            service=kept["service"],
            title=Text(kept["title"]),
            icon=kept["icon"],
            frozen_at=datetime.fromisoformat(kept["frozen_at"]),
            key=kept["key"],
            body=kept["body"].encode(),
            previous=kept["previous"],
            answers=kept["answers"],
            files=files,
            draft=kept["draft"],
            sent=kept["sent"],
            refusal=Problem.model_validate(kept["refusal"]) if kept["refusal"] else None,
            state=kept["final"] or ("uncertain" if kept["sent"] else "waiting"),
            total=sum({n.file.sha256: n.file.size for n in files}.values()),
        )
