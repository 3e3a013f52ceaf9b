/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A stand-in for the module, for tests of the library where it is not loaded:
 * the linker leads the library's open() and ioctl() here (--wrap).  It knows who
 * impersonates, per thread, and nothing of identities.
 */
#ifndef NTIMP_LIB_CHECK_KERNEL_DOUBLE_H
#define NTIMP_LIB_CHECK_KERNEL_DOUBLE_H

#ifdef __cplusplus
extern "C" {
#endif

/* The calling thread acts as a client. */
int double_impersonating(void);

/* ioctls since the last call. */
int double_ioctls(void);

/* ioctls since the last call on files that are neither device nor context. */
int double_strange_ioctls(void);

struct ntimp_call;

/* The file operation that was asked for last. */
const struct ntimp_call *double_call(void);

/* From now on opening the device fails with this errno; 0: it works. */
void double_refuse_open(int error);

/* From now on impersonating fails with this errno; 0: it works. */
void double_refuse_impersonate(int error);

#ifdef __cplusplus
}
#endif

#endif /* NTIMP_LIB_CHECK_KERNEL_DOUBLE_H */
