/* SPDX-License-Identifier: GPL-2.0-only */
/* Whom a token is about, in NT's terms: what access checks and queries look at. */
#ifndef _NTIMP_NT_HOLDER_H
#define _NTIMP_NT_HOLDER_H

#include <linux/types.h>

#include <linux/nt/sid.h>
#include <linux/nt/token.h>

struct cred;
struct nt_filter;
struct nt_token;

/**
 * struct nt_holder - whom a token is about, at one moment
 * @client: the client's cred; one reference
 * @filter: what SeFilterToken() took away; the token's; or NULL
 * @effective_only: what the client has disabled doesn't exist
 */
struct nt_holder {
	const struct cred *client;
	const struct nt_filter *filter;
	bool effective_only;
};

struct nt_holder nt_holder_of(struct nt_token *token);
void nt_holder_end(const struct nt_holder *holder);

/**
 * enum nt_membership - what a SID means for a holder
 * @NT_NOT_A_MEMBER: nothing
 * @NT_DENY_ONLY: what is denied to the SID is denied to the holder
 * @NT_MEMBER: that, and what is granted to it is granted to the holder
 */
enum nt_membership {
	NT_NOT_A_MEMBER,
	NT_DENY_ONLY,
	NT_MEMBER,
};

enum nt_membership nt_holder_membership(const struct nt_holder *holder, const SID *sid);

/* Room for each SID that an identity of Linux's has. */
struct nt_sid {
	SID sid;
	ULONG rest;
};

void nt_holder_user(const struct nt_holder *holder, struct nt_sid *user);
void nt_holder_primary_group(const struct nt_holder *holder, struct nt_sid *group);
bool nt_holder_is_anonymous(const struct nt_holder *holder);
bool nt_holder_is_system(const struct nt_holder *holder);

typedef void (*nt_visit_t)(void *arg, const SID *sid, ULONG attributes);
void nt_holder_each_group(const struct nt_holder *holder, nt_visit_t visit, void *arg);

#endif /* _NTIMP_NT_HOLDER_H */
