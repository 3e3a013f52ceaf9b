/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_GATE_H
#define _NTIMP_GATE_H

struct cred;
struct task_struct;

extern bool ntimp_allow_root_clients;

int ntimp_gate(const struct cred *server, const struct cred *client);
int ntimp_gate_logon(const struct cred *maker);
int ntimp_gate_look(const struct cred *looker, struct task_struct *task);
int ntimp_gate_revert(const struct cred *reverter, struct task_struct *task);

#endif /* _NTIMP_GATE_H */
