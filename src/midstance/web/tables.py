"""The tables of the database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from midstance.web.states import State

SCHEMA_VERSION = 1
"""Counts up with every change of a table; written into the database as `user_version`."""

Json = dict[str, Any]


def now() -> str:
    """Return the time as the tables hold it: ISO 8601, UTC, sortable as text."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class Base(DeclarativeBase):
    """All tables."""

    type_annotation_map = {Json: JSON, list[Json]: JSON}  # noqa: RUF012 - SQLAlchemy reads it as it stands


class RunnerRow(Base):
    """A person who runs, by name or code. Goes with the last session."""

    __tablename__ = "runner"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    sessions: Mapped[list[SessionRow]] = relationship(back_populates="runner")


class SessionRow(Base):
    """One run of one runner."""

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("lunge_left_deg IS NULL OR lunge_left_cm IS NULL"),
        CheckConstraint("lunge_right_deg IS NULL OR lunge_right_cm IS NULL"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    created: Mapped[str] = mapped_column(default=now, index=True)
    runner_id: Mapped[int | None] = mapped_column(ForeignKey("runner.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=State.DRAFT)
    height_m: Mapped[float | None]
    speed_mps: Mapped[float | None]
    incline_percent: Mapped[float | None]
    shoes: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    lunge_left_deg: Mapped[float | None]
    lunge_left_cm: Mapped[float | None]
    lunge_right_deg: Mapped[float | None]
    lunge_right_cm: Mapped[float | None]
    revision: Mapped[int] = mapped_column(default=0)
    """Number of the edit list that holds; 0 = nothing is edited."""

    runner: Mapped[RunnerRow | None] = relationship(back_populates="sessions")
    clips: Mapped[list[ClipRow]] = relationship(
        back_populates="session", cascade="all, delete-orphan", passive_deletes=True, order_by="ClipRow.created"
    )
    jobs: Mapped[list[JobRow]] = relationship(
        back_populates="session", cascade="all, delete-orphan", passive_deletes=True, order_by="JobRow.created"
    )
    edits: Mapped[list[EditRow]] = relationship(
        back_populates="session", cascade="all, delete-orphan", passive_deletes=True, order_by="EditRow.number"
    )


class ClipRow(Base):
    """One clip of a session; its files lie in its folder."""

    __tablename__ = "clip"
    __table_args__ = (UniqueConstraint("session_id", "slot"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    created: Mapped[str] = mapped_column(default=now)
    slot: Mapped[str]
    given_name: Mapped[str]
    """What the user's file is called; only ever shown."""
    size_bytes: Mapped[int]
    state: Mapped[str] = mapped_column(default="uploading")
    kind: Mapped[str | None]
    """`video` or `landmarks`, as its content says."""
    facts: Mapped[Json | None]
    remarks: Mapped[Json | None]
    refusal: Mapped[Json | None]
    proposal: Mapped[Json | None]
    capture_fps: Mapped[float | None]
    markers: Mapped[Json | None]
    """Pelvis markers as placed: `frame`, `points`, `state`, `message`. Their tracks are a file."""

    session: Mapped[SessionRow] = relationship(back_populates="clips")


class JobRow(Base):
    """Work for a process."""

    __tablename__ = "job"

    id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    created: Mapped[str] = mapped_column(default=now)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.QUEUED, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    options: Mapped[Json] = mapped_column(default=dict)
    failure: Mapped[Json | None]
    made_from: Mapped[str] = mapped_column(default="")
    """Tells whether the session has changed since."""

    session: Mapped[SessionRow] = relationship(back_populates="jobs")


class EditRow(Base):
    """The whole list of edits at one step of the history."""

    __tablename__ = "edit"
    __table_args__ = (UniqueConstraint("session_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    created: Mapped[str] = mapped_column(default=now)
    content: Mapped[list[Json]]

    session: Mapped[SessionRow] = relationship(back_populates="edits")
