/* SPDX-License-Identifier: GPL-2.0-only */
/* Talking to the kernel's audit, as auditd and auditctl do. */
#ifndef SELFTEST_AUDITSOCK_H
#define SELFTEST_AUDITSOCK_H

#include <linux/audit.h>

/*
 * A socket that hears what is said to @groups (a mask), 0: only answers to itself.
 * -EPROTONOSUPPORT: the kernel has no audit; other -errno.
 */
int audit_open(unsigned int groups);
/* Set what @status has a mask for; done when it returns.  0 or -errno. */
int audit_set(int audit, const struct audit_status *status);
/* 0 or -errno. */
int audit_get(int audit, struct audit_status *status);

#endif /* SELFTEST_AUDITSOCK_H */
