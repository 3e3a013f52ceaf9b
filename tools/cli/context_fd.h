/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONTEXT_FD_H
#define CONTEXT_FD_H

/* Where a command that `ntimp capture' starts finds its context. */
#define CONTEXT_FD		3
#define CONTEXT_FD_VARIABLE	"NTIMP_CONTEXT_FD"

#endif /* CONTEXT_FD_H */
