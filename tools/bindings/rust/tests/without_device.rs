// SPDX-License-Identifier: GPL-2.0-only
//! What can be known where the module is not loaded.

use std::io::ErrorKind;
use std::os::unix::io::{AsFd, OwnedFd};

use ntimp::{Context, Qos};

const ENODEV: i32 = 19;
const EBADF: i32 = 9;
const ENOTTY: i32 = 25;

fn null() -> Context {
    Context::from(OwnedFd::from(std::fs::File::open("/dev/null").unwrap()))
}

fn there_is_a_device() -> bool {
    std::path::Path::new("/dev/ntimp").exists()
}

#[test]
fn no_device() {
    if there_is_a_device() {
        return;
    }
    for result in [
        Context::of_self(Qos::default()).map(drop),
        Context::anonymous().map(drop),
        Context::of_ids(1, 1, &[], Qos::default()).map(drop),
        null().impersonate().map(drop),
        ntimp::revert(),
    ] {
        assert_eq!(Some(ENODEV), result.unwrap_err().raw_os_error());
    }
}

#[test]
fn what_is_no_context() {
    assert_eq!(Some(ENOTTY), null().query().unwrap_err().raw_os_error());
    let null = null();
    let copy = null.as_fd().try_clone_to_owned().unwrap();
    drop(Context::from(copy));
    assert_eq!(Some(ENOTTY), null.update().unwrap_err().raw_os_error());
    let error = Context::of_pidfd(&null, Qos::default()).unwrap_err();
    assert_eq!(Some(EBADF), error.raw_os_error());
}

#[test]
fn nothing_is_cut_off_at_a_nul() {
    let kinds = [
        Context::of_user("root\0x", Qos::default()).map(drop),
        null().openat(None, "a\0b", 0, 0).map(drop),
        null().renameat(None, "a", "b\0c", 0),
    ]
    .map(|result| result.unwrap_err().kind());
    assert_eq!([ErrorKind::InvalidInput; 3], kinds);
}
