/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_AUDIT_H
#define _NTIMP_AUDIT_H

#include <linux/jump_label.h>
#include <linux/types.h>
#include <uapi/linux/ntimp.h>

struct cred;
struct ntimp_context;
struct task_struct;

DECLARE_STATIC_KEY_FALSE(ntimp_audit_successes);

int ntimp_refuse(const char *op, enum ntimp_reason reason,
		 const struct ntimp_context *ctx, const struct cred *client);
long ntimp_refuse_guarded(const char *function, long result);
int ntimp_refuse_task(const char *op, struct task_struct *task);
void ntimp_record_capture(const struct ntimp_context *ctx);
void ntimp_record_impersonate(const struct ntimp_context *ctx);

#endif /* _NTIMP_AUDIT_H */
