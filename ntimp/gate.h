/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_GATE_H
#define _NTIMP_GATE_H

#include <linux/types.h>
#include <linux/uidgid.h>
#include <uapi/linux/ntimp.h>

struct cred;
struct task_struct;
struct user_namespace;

extern bool ntimp_allow_root_clients;
extern bool ntimp_consent;

enum ntimp_reason ntimp_gate_reason(const struct cred *server,
				    const struct cred *client);
int ntimp_gate(const struct cred *server, const struct cred *client);
int ntimp_gate_consented(const struct cred *server, const struct cred *client);
bool ntimp_gate_raises(const struct cred *server, const struct cred *client);
int ntimp_gate_logon(const struct cred *maker);
int ntimp_gate_look(const struct cred *looker, struct task_struct *task);
int ntimp_gate_look_for(const char *op, struct task_struct *task);
int ntimp_gate_end(const struct cred *who, kuid_t maker,
		   struct user_namespace *ns);
int ntimp_gate_revert(const struct cred *reverter, struct task_struct *task);

#endif /* _NTIMP_GATE_H */
