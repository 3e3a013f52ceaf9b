# SPDX-License-Identifier: LGPL-2.1-only
"""Contexts: how they are made, worn and ended."""

import ctypes
import errno
import functools
import os
import sys
import threading
from types import TracebackType
from typing import (
    Any,
    Callable,
    List,
    NoReturn,
    Optional,
    Protocol,
    Sequence,
    TYPE_CHECKING,
    Tuple,
    Type,
    TypeVar,
    Union,
)

from . import _library
from ._identity import Info, Level, Pass, Qos, Reason
from ._library import ExplainStruct, Path, call, encode, fitting, qos_struct

AT_FDCWD = -100
AT_REMOVEDIR = 0x200
AT_SYMLINK_NOFOLLOW = 0x100
REVOKE_DENY = 1

Result = TypeVar("Result")


class HasFileno(Protocol):
    """A socket, a file, a context."""

    def fileno(self) -> int:
        """Its descriptor."""


Descriptor = Union[int, HasFileno]


def _fd(descriptor: Descriptor) -> int:
    return descriptor if isinstance(descriptor, int) else descriptor.fileno()


def _end_process(why: str) -> NoReturn:
    print(f"ntimp: {why}\n  -> the process ends, since it must not go on as its client",
          file=sys.stderr, flush=True)
    os.abort()


class _Exit:
    """Impersonation.__exit__, which must not be interrupted before it has reverted.

    A with statement looks it up when it begins.  Exceptions of signal handlers are
    raised in the main thread, and could be at the first step of a function in Python:
    there it is one of C.
    """

    def __get__(self, impersonation: "Impersonation", owner: object) -> Callable[..., None]:
        if threading.current_thread() is threading.main_thread():
            return functools.partial(_library.function("ntimp_scope_end"),
                                     _library.ScopeStruct(entered=1))
        return functools.partial(_end_checked, threading.get_native_id())


def _end_checked(thread: int, *exception: Any) -> None:
    """Revert a thread, which should be the calling one."""
    if thread == threading.get_native_id():
        _end_scope()
        return
    # A generator that another thread has finished: who it was must not go on.
    try:
        revert_thread(thread)
    except ProcessLookupError:
        pass
    except OSError as error:
        _end_process(f"thread {thread} can't be reverted by another one: {error}")
    raise RuntimeError("an impersonation ended in another thread than it began in")


def _end_scope() -> None:
    """Revert; the library ends the process if that is not possible."""
    _library.function("ntimp_scope_end")(_library.ScopeStruct(entered=1), None, None, None)


class Impersonation:
    """The thread is the client between __enter__ and __exit__.

    Made by Context.impersonate(), for with statements.  A thread can't enter a second one
    (EBUSY): leaving the inner one would make the rest of the outer one run as the server.
    """

    def __init__(self, context: "Context") -> None:
        self._context = context

    def __enter__(self) -> None:
        fd = self._context.fileno()
        begin = _library.function("ntimp_scope_begin")
        if _library.is_impersonating():
            raise _library.failure("ntimp_impersonate", errno.EBUSY)
        try:
            if not begin(fd):
                raise _library.failure("ntimp_impersonate", ctypes.get_errno())
        except BaseException:
            # Perhaps an interrupt that came as soon as the thread was the client.
            _end_scope()
            raise

    if TYPE_CHECKING:
        def __exit__(self, kind: Optional[Type[BaseException]], value: Optional[BaseException],
                     traceback: Optional[TracebackType]) -> None: ...
    else:
        __exit__ = _Exit()


class Context:
    """Who a client is, and how far the server may go in its name: a descriptor.

    A context manager that closes the descriptor.  Context(fd) takes over one that was
    made elsewhere, as received from a socket.
    """

    def __init__(self, fd: int) -> None:
        self._descriptor = fd

    def fileno(self) -> int:
        """The descriptor; ValueError after close()."""
        if self._descriptor < 0:
            raise ValueError("the context is closed")
        return self._descriptor

    @property
    def closed(self) -> bool:
        """Whether it was given up."""
        return self._descriptor < 0

    def close(self) -> None:
        """Give it up; threads that wear it go on until they revert."""
        fd, self._descriptor = self._descriptor, -1
        if fd >= 0:
            os.close(fd)

    def detach(self) -> int:
        """Give up the object, and keep the descriptor, which is returned."""
        fd = self.fileno()
        self._descriptor = -1
        return fd

    def __enter__(self) -> "Context":
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_descriptor", -1) >= 0:
            self.close()

    def __repr__(self) -> str:
        return "<ntimp.Context closed>" if self.closed else f"<ntimp.Context fd={self._descriptor}>"

    # --- acting as the client -------------------------------------------------

    def impersonate(self) -> Impersonation:
        """For a with statement: its block is the client's."""
        return Impersonation(self)

    def run(self, function: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
        """Call a function as the client."""
        with self.impersonate():
            return function(*args, **kwargs)

    def begin(self) -> None:
        """Act as the client from now on, until revert().  Prefer impersonate()."""
        call("ntimp_impersonate", self.fileno())

    def begin_downgraded(self) -> Level:
        """The same, or where that is not allowed know who the client is: at which level."""
        return Level(call("ntimp_impersonate_downgraded", self.fileno()))

    def begin_thread(self, tid: int) -> None:
        """Another thread of this process acts as the client, until revert_thread()."""
        call("ntimp_impersonate_thread", self.fileno(), tid)

    def uring_personality(self, ring: Descriptor) -> int:
        """The client as a personality of an io_uring."""
        return call("ntimp_uring_personality", _fd(ring), self.fileno())

    # --- the context ------------------------------------------------------------

    def duplicate(self, qos: Optional[Qos] = None) -> "Context":
        """A context made of this one, at its level or below."""
        return Context(call("ntimp_duplicate", self.fileno(), qos_struct(qos)))

    def query(self) -> Info:
        """Who the client is."""
        return _library.query("ntimp_query", self.fileno())

    def update(self) -> None:
        """Look at a client that is followed again; ESTALE: its last snapshot stands."""
        call("ntimp_update", self.fileno())

    def revoke(self, deny: bool = False) -> None:
        """Let nobody impersonate it any more; with deny, who does is denied all."""
        call("ntimp_revoke", self.fileno(), REVOKE_DENY if deny else 0)

    def expire(self, lifetime_ns: int) -> None:
        """Let nobody impersonate it any more after so many nanoseconds."""
        call("ntimp_expire", self.fileno(), lifetime_ns)

    def explain(self, tid: int = 0) -> Tuple[Pass, Reason]:
        """Would a thread (0: the caller) be let act as the client, and why (not)?"""
        answer = ExplainStruct()
        call("ntimp_explain", self.fileno(), tid, ctypes.byref(answer))
        return Pass(answer.pass_), Reason(answer.reason)

    def wearers(self) -> List[int]:
        """The threads that wear it, of those that the caller may ask."""
        room = 16
        while True:
            tids = (ctypes.c_int * room)()
            count = ctypes.c_size_t(room)
            try:
                call("ntimp_wearers", self.fileno(), tids, ctypes.byref(count))
            except OSError as error:
                if error.errno != errno.ERANGE or count.value <= room:
                    raise
                room = count.value + 16
                continue
            return list(tids[:count.value])

    # --- a file operation as the client, without becoming it ---------------------

    def openat(self, path: Path, flags: int, mode: int = 0o777,
               dir_fd: Optional[int] = None) -> int:
        """As os.open(), as the client; close-on-exec as there."""
        return call("ntimp_openat", self.fileno(), _dir(dir_fd), encode(path),
                    flags | os.O_CLOEXEC, mode)

    def open(self, path: Path, mode: str = "r", **kwargs: Any) -> Any:
        """As the built-in open(), as the client."""
        return open(path, mode, opener=lambda name, flags: self.openat(name, flags, 0o666),
                    **kwargs)

    def access(self, path: Path, mode: int, dir_fd: Optional[int] = None,
               follow_symlinks: bool = True) -> bool:
        """As os.access(), for the client's effective ids."""
        try:
            call("ntimp_access", self.fileno(), _dir(dir_fd), encode(path), mode,
                 0 if follow_symlinks else AT_SYMLINK_NOFOLLOW)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT,
                               errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ETXTBSY):
                return False
            raise
        return True

    def mkdir(self, path: Path, mode: int = 0o777, dir_fd: Optional[int] = None) -> None:
        """As os.mkdir(), as the client."""
        call("ntimp_mkdirat", self.fileno(), _dir(dir_fd), encode(path), mode)

    def unlink(self, path: Path, dir_fd: Optional[int] = None) -> None:
        """As os.unlink(), as the client."""
        call("ntimp_unlinkat", self.fileno(), _dir(dir_fd), encode(path), 0)

    def rmdir(self, path: Path, dir_fd: Optional[int] = None) -> None:
        """As os.rmdir(), as the client."""
        call("ntimp_unlinkat", self.fileno(), _dir(dir_fd), encode(path), AT_REMOVEDIR)

    def rename(self, source: Path, destination: Path, dir_fd: Optional[int] = None,
               flags: int = 0) -> None:
        """As renameat2(2), as the client; both names are relative to dir_fd."""
        call("ntimp_renameat", self.fileno(), _dir(dir_fd), encode(source),
             encode(destination), flags)

    def chmod(self, path: Path, mode: int, dir_fd: Optional[int] = None) -> None:
        """As os.chmod(), as the client."""
        call("ntimp_fchmodat", self.fileno(), _dir(dir_fd), encode(path), mode)


def _dir(dir_fd: Optional[int]) -> int:
    return AT_FDCWD if dir_fd is None else dir_fd


# --- making contexts ------------------------------------------------------------

def capture_self(qos: Optional[Qos] = None) -> Context:
    """The identity of the calling thread."""
    return Context(call("ntimp_capture_self", qos_struct(qos)))


def capture_thread(tid: int, qos: Optional[Qos] = None) -> Context:
    """The identity of another thread."""
    return Context(call("ntimp_capture_thread", tid, qos_struct(qos)))


def capture_pidfd(pidfd: Descriptor, qos: Optional[Qos] = None) -> Context:
    """The identity of a process, as os.pidfd_open() names it, without a race."""
    return Context(call("ntimp_capture_pidfd", _fd(pidfd), qos_struct(qos)))


def capture_peer(sock: Descriptor, qos: Optional[Qos] = None) -> Context:
    """The identity that the peer of an AF_UNIX socket had when it connected."""
    return Context(call("ntimp_capture_peer", _fd(sock), qos_struct(qos)))


def capture_ids(uid: int, gid: int, groups: Sequence[int] = (),
                qos: Optional[Qos] = None) -> Context:
    """An identity made of numbers."""
    array = (ctypes.c_uint * len(groups))(*(fitting(ctypes.c_uint, group) for group in groups))
    return Context(call("ntimp_capture_ids", uid, gid, len(groups), array, qos_struct(qos)))


def capture_user(name: str, qos: Optional[Qos] = None) -> Context:
    """The identity that a user would have after login."""
    return Context(call("ntimp_capture_user", encode(name), qos_struct(qos)))


def capture_anonymous() -> Context:
    """Nobody."""
    return Context(call("ntimp_capture_anonymous"))


# --- threads ----------------------------------------------------------------------

def revert() -> None:
    """The calling thread is itself again; not an error if it was."""
    call("ntimp_revert")


def revert_thread(tid: int) -> None:
    """Another thread is itself again."""
    call("ntimp_revert_thread", tid)


def query_thread(tid: int = 0) -> Optional[Info]:
    """Whom a thread (0: the caller) impersonates; None: nobody."""
    try:
        return _library.query("ntimp_query_thread", tid)
    except FileNotFoundError:
        return None
