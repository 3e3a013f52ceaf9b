# SPDX-License-Identifier: LGPL-2.1-only
"""Let a thread of a server act as one of its clients, and be itself again.

    ctx = ntimp.capture_peer(connection)
    with ctx.impersonate():
        file = open(path)               # with exactly the client's rights

A context is who a client is, and how far a server may go in its name.  Only the
thread in the with block is the client; the others, and processes started meanwhile,
are not.  Do not await or yield in the block: what the event loop or the caller of
the generator runs next in this thread would run as the client.

What fails raises OSError, or the subclass of it for its errno: PermissionError
where the server may not act as the client.
"""

from ._context import (
    Context,
    Impersonation,
    capture_anonymous,
    capture_ids,
    capture_peer,
    capture_pidfd,
    capture_self,
    capture_thread,
    capture_user,
    query_thread,
    revert,
    revert_thread,
)
from ._identity import (
    Info,
    InfoFlags,
    Level,
    Pass,
    Qos,
    QosFlags,
    Reason,
    Source,
    Tracking,
)

__all__ = [
    "Context",
    "Impersonation",
    "Info",
    "InfoFlags",
    "Level",
    "Pass",
    "Qos",
    "QosFlags",
    "Reason",
    "Source",
    "Tracking",
    "capture_anonymous",
    "capture_ids",
    "capture_peer",
    "capture_pidfd",
    "capture_self",
    "capture_thread",
    "capture_user",
    "query_thread",
    "revert",
    "revert_thread",
]
