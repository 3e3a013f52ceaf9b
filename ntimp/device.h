/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_DEVICE_H
#define _NTIMP_DEVICE_H

int ntimp_device_register(void);
void ntimp_device_deregister(void);

#endif /* _NTIMP_DEVICE_H */
