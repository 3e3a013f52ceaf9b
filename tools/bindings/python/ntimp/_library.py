# SPDX-License-Identifier: LGPL-2.1-only
"""The functions of libntimp as Python calls them: what fails raises OSError.

Each function is found when it is first called, so that a program which can do without
ntimp imports the package, and gets an OSError, where the library is missing or older.
"""

import ctypes
import errno
import os
from typing import Any, Dict, Optional, Sequence, Union

from ._identity import Info, InfoFlags, Level, Qos, QosFlags, Source, Tracking

SONAME = "libntimp.so.0"
Path = Union[str, bytes, "os.PathLike[str]", "os.PathLike[bytes]"]


class QosStruct(ctypes.Structure):
    """struct ntimp_qos"""

    _fields_ = [
        ("level", ctypes.c_uint32),
        ("tracking", ctypes.c_uint8),
        ("effective_only", ctypes.c_uint8),
        ("flags", ctypes.c_uint16),
    ]


class InfoStruct(ctypes.Structure):
    """struct ntimp_info"""

    _fields_ = [
        ("size", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("tid", ctypes.c_int32),
        ("source", ctypes.c_uint32),
        ("id", ctypes.c_uint64),
        ("qos", QosStruct),
        ("uid", ctypes.c_uint32),
        ("gid", ctypes.c_uint32),
        ("euid", ctypes.c_uint32),
        ("egid", ctypes.c_uint32),
        ("suid", ctypes.c_uint32),
        ("sgid", ctypes.c_uint32),
        ("fsuid", ctypes.c_uint32),
        ("fsgid", ctypes.c_uint32),
        ("groups", ctypes.c_uint64),
        ("ngroups", ctypes.c_uint32),
        ("user_ns", ctypes.c_uint32),
        ("cap_permitted", ctypes.c_uint64),
        ("cap_effective", ctypes.c_uint64),
        ("uses", ctypes.c_uint64),
        ("lifetime", ctypes.c_uint64),
    ]


class ExplainStruct(ctypes.Structure):
    """struct ntimp_explain"""

    # pass is a word of Python's
    _fields_ = [
        ("size", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("tid", ctypes.c_int32),
        ("pass_", ctypes.c_uint32),
        ("reason", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
    ]


class ScopeStruct(ctypes.Structure):
    """struct ntimp_scope"""

    _fields_ = [("entered", ctypes.c_int), ("pending", ctypes.c_int)]


_INT = ctypes.c_int
_QOS = ctypes.POINTER(QosStruct)
_INFO = ctypes.POINTER(InfoStruct)
_MODE = ctypes.c_uint

SIGNATURES: Dict[str, Sequence[Any]] = {
    "ntimp_access": (_INT, _INT, ctypes.c_char_p, _INT, _INT),
    "ntimp_capture_anonymous": (),
    "ntimp_capture_ids": (ctypes.c_uint, ctypes.c_uint, ctypes.c_size_t,
                          ctypes.POINTER(ctypes.c_uint), _QOS),
    "ntimp_capture_peer": (_INT, _QOS),
    "ntimp_capture_pidfd": (_INT, _QOS),
    "ntimp_capture_self": (_QOS,),
    "ntimp_capture_thread": (_INT, _QOS),
    "ntimp_capture_user": (ctypes.c_char_p, _QOS),
    "ntimp_duplicate": (_INT, _QOS),
    "ntimp_expire": (_INT, ctypes.c_uint64),
    "ntimp_explain": (_INT, _INT, ctypes.POINTER(ExplainStruct)),
    "ntimp_fchmodat": (_INT, _INT, ctypes.c_char_p, _MODE),
    "ntimp_impersonate": (_INT,),
    "ntimp_impersonate_downgraded": (_INT,),
    "ntimp_impersonate_thread": (_INT, _INT),
    "ntimp_mkdirat": (_INT, _INT, ctypes.c_char_p, _MODE),
    "ntimp_openat": (_INT, _INT, ctypes.c_char_p, _INT, _MODE),
    "ntimp_query": (_INT, _INFO),
    "ntimp_query_thread": (_INT, _INFO),
    "ntimp_renameat": (_INT, _INT, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint),
    "ntimp_revert": (),
    "ntimp_revert_thread": (_INT,),
    "ntimp_revoke": (_INT, ctypes.c_uint),
    "ntimp_scope_begin": (_INT,),
    # C does not look at the last three, which are what an __exit__ is called with.
    "ntimp_scope_end": (ctypes.POINTER(ScopeStruct), *[ctypes.py_object] * 3),
    "ntimp_unlinkat": (_INT, _INT, ctypes.c_char_p, _INT),
    "ntimp_update": (_INT,),
    "ntimp_uring_personality": (_INT, _INT),
    "ntimp_wearers": (_INT, ctypes.POINTER(_INT), ctypes.POINTER(ctypes.c_size_t)),
}
# Context.run() does what this does, with Python's exceptions.
NOT_BOUND = {"ntimp_run_as"}

_found: Dict[str, Any] = {}


def function(name: str) -> Any:
    """A function of the library; OSError if it is not there."""
    try:
        return _found[name]
    except KeyError:
        pass
    library = ctypes.CDLL(SONAME, use_errno=True)
    try:
        found = getattr(library, name)
    except AttributeError:
        raise OSError(errno.ENOSYS, f"{SONAME} is older than this module: no {name}") from None
    found.argtypes = SIGNATURES[name]
    found.restype = None if name == "ntimp_scope_end" else ctypes.c_int
    _found[name] = found
    return found


def failure(name: str, number: int) -> OSError:
    """The exception for an errno: of the class that Python has for it."""
    return OSError(number, f"{name}: {os.strerror(number)}")


def encode(path: Path) -> bytes:
    """A path or name as C has it; what is behind a null byte would be cut off."""
    encoded = os.fsencode(path)
    if b"\0" in encoded:
        raise ValueError("embedded null byte")
    return encoded


def fitting(kind: Any, argument: Any) -> Any:
    """The argument; OverflowError if ctypes would cut it off, and make 1 << 32 root."""
    if isinstance(argument, int) and kind(argument).value != argument:
        raise OverflowError(f"{argument} is out of range")
    return argument


def call(name: str, *arguments: Any) -> int:
    """Call a function; the result is not negative."""
    found = function(name)
    result: int = found(*map(fitting, SIGNATURES[name], arguments))
    if result < 0:
        raise failure(name, ctypes.get_errno())
    return result


def qos_struct(qos: Optional[Qos]) -> Optional[QosStruct]:
    """What stands for a quality of service; None stands for itself."""
    if qos is None:
        return None
    return QosStruct(qos.level, qos.tracking, qos.effective_only, qos.flags)


def is_impersonating() -> bool:
    """Whether the calling thread acts as somebody else."""
    try:
        call("ntimp_query_thread", 0, ctypes.byref(InfoStruct()))
    except OSError as error:
        if error.errno == errno.ENOENT:
            return False
        if error.errno != errno.ERANGE:
            raise
    return True


def query(name: str, target: int) -> Info:
    """Ask one of the two functions that answer with an Info."""
    room = 64
    while True:
        groups = (ctypes.c_uint32 * room)()
        info = InfoStruct(groups=ctypes.addressof(groups), ngroups=room)
        try:
            call(name, target, ctypes.byref(info))
        except OSError as error:
            if error.errno != errno.ERANGE or info.ngroups <= room:
                raise
            # A dynamic client may get more meanwhile: it is asked until there is room.
            room = info.ngroups
            continue
        return Info(
            flags=InfoFlags(info.flags),
            tid=info.tid or None,
            source=Source(info.source),
            id=info.id or None,
            qos=Qos(Level(info.qos.level), Tracking(info.qos.tracking),
                    bool(info.qos.effective_only), QosFlags(info.qos.flags)),
            uid=info.uid, gid=info.gid, euid=info.euid, egid=info.egid,
            suid=info.suid, sgid=info.sgid, fsuid=info.fsuid, fsgid=info.fsgid,
            groups=tuple(groups[:info.ngroups]),
            user_ns=info.user_ns,
            cap_permitted=info.cap_permitted,
            cap_effective=info.cap_effective,
            uses=info.uses,
            lifetime_ns=info.lifetime or None,
        )
