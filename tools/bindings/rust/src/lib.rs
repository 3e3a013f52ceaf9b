// SPDX-License-Identifier: LGPL-2.1-only
//! Let a thread of a server act as one of its clients, and be itself again.
//!
//! ```no_run
//! # fn serve(socket: std::os::unix::net::UnixStream) -> std::io::Result<()> {
//! let client = ntimp::Context::of_peer(&socket, ntimp::Qos::default())?;
//! let file = {
//!     let _as_client = client.impersonate()?;
//!     std::fs::File::open("file")? // with exactly the client's rights
//! };
//! # Ok(())
//! # }
//! ```
//!
//! Only the thread is the client; others, and those that it spawns, are not.  Errors are
//! the errno of the library, whose pages, libntimp(3), list them for each function.

#![warn(missing_docs)]

mod context;
mod files;
mod guard;
mod identity;
mod sys;

pub use context::{query_thread, revert, revert_thread, Context};
pub use guard::Impersonation;
pub use identity::{Explanation, Ids, Info, Level, Qos, Reason, Source, Tracking};
