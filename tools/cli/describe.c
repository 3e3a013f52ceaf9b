// SPDX-License-Identifier: GPL-2.0-only
/*
 * An identity, and the context it is in, for people and in JSON.
 */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <strings.h>

#include "capability.h"
#include "describe.h"
#include "report.h"

static const char *const levels[] = {
	[NTIMP_LEVEL_ANONYMOUS]		= "anonymous",
	[NTIMP_LEVEL_IDENTIFICATION]	= "identification",
	[NTIMP_LEVEL_IMPERSONATION]	= "impersonation",
	[NTIMP_LEVEL_DELEGATION]	= "delegation",
};

static const char *const sources[] = {
	[NTIMP_SOURCE_SELF]		= "self",
	[NTIMP_SOURCE_THREAD]		= "thread",
	[NTIMP_SOURCE_PEER]		= "peer",
	[NTIMP_SOURCE_IDS]		= "ids",
	[NTIMP_SOURCE_ANONYMOUS]	= "anonymous",
	[NTIMP_SOURCE_CONTEXT]		= "context",
};

static const char *const trackings[] = {
	[NTIMP_TRACKING_STATIC]		= "static",
	[NTIMP_TRACKING_DYNAMIC]	= "dynamic",
};

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* A newer module may have values that have no name here. */
static const char *name_in(const char *const *table, size_t rows, unsigned int value)
{
	return value < rows && table[value] ? table[value] : "unknown";
}

static int value_in(const char *const *table, size_t rows, const char *name, unsigned int *value)
{
	for (*value = 0; *value < rows; ++*value)
		if (table[*value] && !strcasecmp(table[*value], name))
			return 0;
	return -1;
}

const char *level_name(unsigned int level)
{
	return name_in(levels, ROWS(levels), level);
}

const char *source_name(unsigned int source)
{
	return name_in(sources, ROWS(sources), source);
}

int level_by_name(const char *name, unsigned int *level)
{
	return value_in(levels, ROWS(levels), name, level);
}

int source_by_name(const char *name, unsigned int *source)
{
	return value_in(sources, ROWS(sources), name, source);
}

int tracking_by_name(const char *name, unsigned int *tracking)
{
	return value_in(trackings, ROWS(trackings), name, tracking);
}

static const char *user_name(unsigned int uid)
{
	const struct passwd *user = getpwuid(uid);

	return user ? user->pw_name : NULL;
}

static const char *group_name(unsigned int gid)
{
	const struct group *group = getgrgid(gid);

	return group ? group->gr_name : NULL;
}

static void print_id(const char *(*name_of)(unsigned int id), unsigned int id)
{
	const char *name = name_of(id);

	if (name)
		printf("%s(%u)", name, id);
	else
		printf("%u", id);
}

/* One id if all four are the same, as nearly always. */
static void print_ids(const char *what, const char *(*name_of)(unsigned int id),
		      const unsigned int ids[4])
{
	static const char *const kinds[] = { "real", ", effective", ", saved", ", files" };
	bool same = ids[0] == ids[1] && ids[0] == ids[2] && ids[0] == ids[3];
	int i;

	printf(LABEL, what);
	for (i = 0; i < (same ? 1 : 4); i++) {
		if (!same)
			printf("%s ", kinds[i]);
		print_id(name_of, ids[i]);
	}
	putchar('\n');
}

static void print_groups(const struct identity *identity)
{
	const char *comma = "";
	unsigned int i;

	printf(LABEL, "groups");
	if (!identity->info.ngroups)
		printf("none");
	else if (!identity->groups)
		printf("%u of them", identity->info.ngroups);
	for (i = 0; identity->groups && i < identity->info.ngroups; i++) {
		fputs(comma, stdout);
		print_id(group_name, identity->groups[i]);
		comma = ", ";
	}
	putchar('\n');
}

static void print_caps(const char *what, uint64_t caps)
{
	printf(LABEL, what);
	capability_print(stdout, caps);
	putchar('\n');
}

void describe_identity(const struct identity *identity)
{
	const struct ntimp_info *info = &identity->info;

	print_ids("user", user_name,
		  (unsigned int[]){ info->uid, info->euid, info->suid, info->fsuid });
	print_ids("group", group_name,
		  (unsigned int[]){ info->gid, info->egid, info->sgid, info->fsgid });
	print_groups(identity);
	print_caps("capabilities", info->cap_effective);
	if (info->cap_permitted != info->cap_effective)
		print_caps("permitted", info->cap_permitted);
	if (info->user_ns)
		printf(LABEL "%u\n", "user namespace", info->user_ns);
}

/* Nothing for what can be used for ever. */
static void print_end(const struct ntimp_info *context)
{
	if (context->flags & NTIMP_INFO_REVOKED)
		printf(LABEL "%s\n", "ended", "revoked");
	else if (context->flags & NTIMP_INFO_EXPIRED)
		printf(LABEL "%s\n", "ended", "its time is over");
	else if (context->lifetime)
		printf(LABEL "in %llu.%03llu s\n", "ends", context->lifetime / 1000000000,
		       context->lifetime / 1000000 % 1000);
}

void describe_context(const struct ntimp_info *context)
{
	printf(LABEL "%llu, from %s\n", "context", context->id,
	       source_name(context->source));
	printf(LABEL "%s%s\n", "level", level_name(context->qos.level),
	       context->qos.effective_only ? ", effective capabilities only" : "");
	printf(LABEL "%s%s\n", "tracking",
	       name_in(trackings, ROWS(trackings), context->qos.tracking),
	       context->flags & NTIMP_INFO_STALE ? ", but its client could not be followed" : "");
	if (context->qos.flags & NTIMP_QOS_CONSENT)
		printf(LABEL "%s\n", "consent", "its client lets whoever holds it act as it");
	if (context->qos.flags & NTIMP_QOS_DISPATCH)
		printf(LABEL "%s\n", "dispatch", "a system worker acts for whoever holds it");
	print_end(context);
	printf(LABEL "%llu times impersonated%s\n", "used", context->uses,
	       context->flags & NTIMP_INFO_CLOSED ? ", and closed everywhere since" : "");
}

static struct json_object *json_ids(unsigned int real, unsigned int effective,
				    unsigned int saved, unsigned int files)
{
	struct json_object *ids = json_record();

	json_add(ids, "real", json_number(real));
	json_add(ids, "effective", json_number(effective));
	json_add(ids, "saved", json_number(saved));
	json_add(ids, "fs", json_number(files));
	return ids;
}

static struct json_object *json_groups(const struct identity *identity, bool names)
{
	struct json_object *groups;
	unsigned int i;

	if (!identity->groups && identity->info.ngroups)
		return NULL;
	groups = json_list();
	for (i = 0; i < identity->info.ngroups; i++)
		json_append(groups, names ? json_text(group_name(identity->groups[i])) :
					    json_number(identity->groups[i]));
	return groups;
}

struct json_object *json_identity(const struct identity *identity)
{
	const struct ntimp_info *info = &identity->info;
	struct json_object *who = json_record();

	json_add(who, "user", json_text(user_name(info->euid)));
	json_add(who, "group", json_text(group_name(info->egid)));
	json_add(who, "uid", json_ids(info->uid, info->euid, info->suid, info->fsuid));
	json_add(who, "gid", json_ids(info->gid, info->egid, info->sgid, info->fsgid));
	json_add(who, "groups", json_groups(identity, false));
	json_add(who, "group_names", json_groups(identity, true));
	json_add(who, "group_count", json_number(info->ngroups));
	json_add(who, "user_ns", info->user_ns ? json_number(info->user_ns) : NULL);
	json_add(who, "cap_permitted", capability_json(info->cap_permitted));
	json_add(who, "cap_effective", capability_json(info->cap_effective));
	return who;
}

struct json_object *json_context(const struct ntimp_info *context)
{
	struct json_object *record = json_record();

	json_add(record, "id", json_number(context->id));
	json_add(record, "source",
		 json_text(source_name(context->source)));
	json_add(record, "level", json_text(level_name(context->qos.level)));
	json_add(record, "tracking",
		 json_text(name_in(trackings, ROWS(trackings), context->qos.tracking)));
	json_add(record, "effective_only", json_truth(context->qos.effective_only));
	json_add(record, "consent", json_truth(!!(context->qos.flags & NTIMP_QOS_CONSENT)));
	json_add(record, "dispatch", json_truth(!!(context->qos.flags & NTIMP_QOS_DISPATCH)));
	json_add(record, "stale", json_truth(!!(context->flags & NTIMP_INFO_STALE)));
	json_add(record, "revoked", json_truth(!!(context->flags & NTIMP_INFO_REVOKED)));
	json_add(record, "expired", json_truth(!!(context->flags & NTIMP_INFO_EXPIRED)));
	json_add(record, "lifetime", context->lifetime ? json_number(context->lifetime) : NULL);
	json_add(record, "closed", json_truth(!!(context->flags & NTIMP_INFO_CLOSED)));
	json_add(record, "uses", json_number(context->uses));
	return record;
}

/* A context and who its client is, on standard output. */
void report_client(const struct identity *client, bool json)
{
	struct json_object *report;

	if (!json) {
		describe_context(&client->info);
		describe_identity(client);
		return;
	}
	report = json_record();
	json_add(report, "context", json_context(&client->info));
	json_add(report, "client", json_identity(client));
	json_print(report);
}
