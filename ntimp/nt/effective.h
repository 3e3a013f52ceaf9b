/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_NT_EFFECTIVE_H
#define _NTIMP_NT_EFFECTIVE_H

struct nt_terms;
struct task_struct;

int nt_terms_get(struct task_struct *task, struct nt_terms *terms);

#endif /* _NTIMP_NT_EFFECTIVE_H */
