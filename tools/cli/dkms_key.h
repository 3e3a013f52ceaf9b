/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DKMS_KEY_H
#define DKMS_KEY_H

#include "installation.h"

/* The certificate, as DKMS makes it by itself. */
#define DKMS_KEY "/var/lib/dkms/mok.pub"

enum dkms_key dkms_key_state(void);

#endif /* DKMS_KEY_H */
