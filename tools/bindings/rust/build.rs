// SPDX-License-Identifier: LGPL-2.1-only
//! Where libntimp is, if not where the linker looks: NTIMP_LIBDIR.

fn main() {
    println!("cargo:rerun-if-env-changed=NTIMP_LIBDIR");
    if let Ok(dir) = std::env::var("NTIMP_LIBDIR") {
        println!("cargo:rustc-link-search=native={dir}");
    }
    println!("cargo:rustc-link-lib=dylib=ntimp");
}
