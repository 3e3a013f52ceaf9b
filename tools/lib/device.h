/* SPDX-License-Identifier: LGPL-2.1-only */
#ifndef NTIMP_LIB_DEVICE_H
#define NTIMP_LIB_DEVICE_H

/*
 * The cached descriptor of /dev/ntimp, opened if there is none yet.  Without a
 * system call otherwise, hence unchecked: somebody may have closed it.
 */
int device_cached(void);

/* The same, but certain to be the device; opened again if it was closed. */
int device_checked(void);

#endif /* NTIMP_LIB_DEVICE_H */
