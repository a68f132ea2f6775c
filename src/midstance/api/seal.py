"""Shuts this process off from the internet: clips are health data.

MediaPipe's library has a client of its own for usage metrics, without a switch. `midstance.pose` keeps it from
reaching anybody; on Linux this seal goes further and has the kernel refuse every internet socket for the rest of
the process (seccomp, see seccomp(2)). Files, pipes and local sockets work as before. It cannot be undone, so it is
for the command line and the processes of the web app alone, once the model is there.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys

PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
ALLOW = 0x7FFF0000
REFUSE = 0x00050000 | errno.EACCES
LOAD_WORD = 0x20
JUMP_IF_EQUAL = 0x15
RETURN = 0x06
SYSCALL_NUMBER_AT, ARCHITECTURE_AT, FIRST_ARGUMENT_AT = 0, 4, 16
AF_INET, AF_INET6 = 2, 10

ARCHITECTURES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""Audit number and number of the call socket(2), by machine."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def seal_network() -> bool:
    """Have the kernel refuse internet sockets to this thread and all that it starts.

    Returns
    -------
    bool
        False where the system does not offer it; nothing has changed then.
    """
    if sys.platform != "linux" or platform.machine() not in ARCHITECTURES:
        return False
    code = _filter(*ARCHITECTURES[platform.machine()])
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _filter(architecture: int, socket_call: int) -> bytes:
    """Return the filter: socket(AF_INET or AF_INET6, ...) is refused, all else allowed."""
    return b"".join(
        (
            _step(LOAD_WORD, ARCHITECTURE_AT),
            _step(JUMP_IF_EQUAL, architecture, otherwise=5),
            _step(LOAD_WORD, SYSCALL_NUMBER_AT),
            _step(JUMP_IF_EQUAL, socket_call, otherwise=3),
            _step(LOAD_WORD, FIRST_ARGUMENT_AT),
            _step(JUMP_IF_EQUAL, AF_INET, then=2),
            _step(JUMP_IF_EQUAL, AF_INET6, then=1),
            _step(RETURN, ALLOW),
            _step(RETURN, REFUSE),
        )
    )


def _step(operation: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    """Return one instruction of the filter; jumps count the instructions to skip."""
    return struct.pack("=HBBI", operation, then, otherwise, value)
