// SPDX-License-Identifier: LGPL-2.1-only
//! The functions and structs of ntimp.h and linux/ntimp.h.

use std::os::raw::{c_char, c_int, c_uint};

#[repr(C)]
#[derive(Clone, Copy, Default)]
pub(crate) struct Qos {
    pub level: u32,
    pub tracking: u8,
    pub effective_only: u8,
    pub flags: u16,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
pub(crate) struct Info {
    pub size: u32,
    pub flags: u32,
    pub tid: i32,
    pub source: u32,
    pub id: u64,
    pub qos: Qos,
    pub uid: u32,
    pub gid: u32,
    pub euid: u32,
    pub egid: u32,
    pub suid: u32,
    pub sgid: u32,
    pub fsuid: u32,
    pub fsgid: u32,
    pub groups: u64,
    pub ngroups: u32,
    pub user_ns: u32,
    pub cap_permitted: u64,
    pub cap_effective: u64,
    pub uses: u64,
    pub lifetime: u64,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
pub(crate) struct Explain {
    pub size: u32,
    pub flags: u32,
    pub tid: i32,
    pub pass: u32,
    pub reason: u32,
    pub reserved: u32,
}

#[repr(C)]
pub(crate) struct Scope {
    pub entered: c_int,
    pub pending: c_int,
}

extern "C" {
    pub(crate) fn ntimp_access(
        ctx: c_int,
        dirfd: c_int,
        path: *const c_char,
        mode: c_int,
        flags: c_int,
    ) -> c_int;
    pub(crate) fn ntimp_capture_anonymous() -> c_int;
    pub(crate) fn ntimp_capture_ids(
        uid: u32,
        gid: u32,
        ngroups: usize,
        groups: *const u32,
        qos: *const Qos,
    ) -> c_int;
    pub(crate) fn ntimp_capture_peer(sockfd: c_int, qos: *const Qos) -> c_int;
    pub(crate) fn ntimp_capture_pidfd(pidfd: c_int, qos: *const Qos) -> c_int;
    pub(crate) fn ntimp_capture_self(qos: *const Qos) -> c_int;
    pub(crate) fn ntimp_capture_thread(tid: c_int, qos: *const Qos) -> c_int;
    pub(crate) fn ntimp_capture_user(name: *const c_char, qos: *const Qos) -> c_int;
    pub(crate) fn ntimp_duplicate(ctx: c_int, qos: *const Qos) -> c_int;
    pub(crate) fn ntimp_expire(ctx: c_int, lifetime_ns: u64) -> c_int;
    pub(crate) fn ntimp_explain(ctx: c_int, tid: c_int, explain: *mut Explain) -> c_int;
    pub(crate) fn ntimp_fchmodat(
        ctx: c_int,
        dirfd: c_int,
        path: *const c_char,
        mode: c_uint,
    ) -> c_int;
    pub(crate) fn ntimp_impersonate(ctx: c_int) -> c_int;
    pub(crate) fn ntimp_impersonate_downgraded(ctx: c_int) -> c_int;
    pub(crate) fn ntimp_impersonate_thread(ctx: c_int, tid: c_int) -> c_int;
    pub(crate) fn ntimp_mkdirat(
        ctx: c_int,
        dirfd: c_int,
        path: *const c_char,
        mode: c_uint,
    ) -> c_int;
    pub(crate) fn ntimp_openat(
        ctx: c_int,
        dirfd: c_int,
        path: *const c_char,
        flags: c_int,
        mode: c_uint,
    ) -> c_int;
    pub(crate) fn ntimp_query(ctx: c_int, info: *mut Info) -> c_int;
    pub(crate) fn ntimp_query_thread(tid: c_int, info: *mut Info) -> c_int;
    pub(crate) fn ntimp_renameat(
        ctx: c_int,
        dirfd: c_int,
        path: *const c_char,
        new_path: *const c_char,
        flags: c_uint,
    ) -> c_int;
    pub(crate) fn ntimp_revert() -> c_int;
    pub(crate) fn ntimp_revert_thread(tid: c_int) -> c_int;
    pub(crate) fn ntimp_revoke(ctx: c_int, flags: c_uint) -> c_int;
    pub(crate) fn ntimp_scope_begin(ctx: c_int) -> c_int;
    pub(crate) fn ntimp_scope_end(scope: *mut Scope);
    pub(crate) fn ntimp_unlinkat(
        ctx: c_int,
        dirfd: c_int,
        path: *const c_char,
        flags: c_int,
    ) -> c_int;
    pub(crate) fn ntimp_update(ctx: c_int) -> c_int;
    pub(crate) fn ntimp_uring_personality(ring_fd: c_int, ctx: c_int) -> c_int;
    pub(crate) fn ntimp_wearers(ctx: c_int, tids: *mut c_int, ntids: *mut usize) -> c_int;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem::size_of;

    #[test]
    fn sizes_are_those_of_the_interface() {
        assert_eq!(8, size_of::<Qos>());
        assert_eq!(112, size_of::<Info>());
        assert_eq!(24, size_of::<Explain>());
        assert_eq!(8, size_of::<Scope>());
    }
}
