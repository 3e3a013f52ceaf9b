# SPDX-License-Identifier: LGPL-2.1-only
"""Who a client is, and how far a server may go: the values of linux/ntimp.h."""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Optional, Tuple


class Level(IntEnum):
    """How far a server may go in the client's name."""

    ANONYMOUS = 0
    IDENTIFICATION = 1
    IMPERSONATION = 2
    DELEGATION = 3


class Tracking(IntEnum):
    """Whether a context follows its client."""

    STATIC = 0
    DYNAMIC = 1


class Source(IntEnum):
    """Where the identity in a context comes from."""

    SELF = 1
    THREAD = 2
    PEER = 3
    IDS = 4
    ANONYMOUS = 5
    CONTEXT = 6


class Reason(IntEnum):
    """Why something is refused, see ntimp(4)."""

    NONE = 0
    ROOT_CLIENT = 1
    NO_SETID = 2
    UNMAPPED = 3
    LEVEL = 4
    CAPS = 5
    NOT_ITSELF = 6
    NOT_VISIBLE = 7
    NOT_MAKER = 8
    ENDED = 9
    GUARD = 10


class Pass(IntEnum):
    """What lets a thread act as a client."""

    REFUSED = 0
    LEVEL = 1
    RIGHT = 2
    CONSENT = 3


class QosFlags(IntFlag):
    """CONSENT: whoever holds it may act as me; DISPATCH: a worker may act for the holder."""

    NONE = 0
    CONSENT = 1
    DISPATCH = 2


class InfoFlags(IntFlag):
    """What has become of a context."""

    NONE = 0
    IMPERSONATING = 1
    CLOSED = 2
    STALE = 4
    REVOKED = 8
    EXPIRED = 16


@dataclass(frozen=True)
class Qos:
    """Quality of service: what the holder of a context may do with it."""

    level: Level = Level.IMPERSONATION
    tracking: Tracking = Tracking.STATIC
    effective_only: bool = False
    flags: QosFlags = QosFlags.NONE


@dataclass(frozen=True)
class Info:
    """Who the client of a context is.

    tid is None but for a thread that was asked for, id None where the context is
    gone.  lifetime_ns is for how long the context can still be impersonated, None
    if that does not end by itself.
    """

    flags: InfoFlags
    tid: Optional[int]
    source: Source
    id: Optional[int]
    qos: Qos
    uid: int
    gid: int
    euid: int
    egid: int
    suid: int
    sgid: int
    fsuid: int
    fsgid: int
    groups: Tuple[int, ...]
    user_ns: int
    cap_permitted: int
    cap_effective: int
    uses: int
    lifetime_ns: Optional[int]
