/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FDINFO_H
#define FDINFO_H

#include "identity.h"

int fdinfo_identity(pid_t pid, int fd, struct identity *identity);

#endif /* FDINFO_H */
