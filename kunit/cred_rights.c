// SPDX-License-Identifier: GPL-2.0-only
/* Rights that are judged on a given cred, whoever the current thread is. */
#include <kunit/test.h>
#include <linux/sched.h>

#include "../ntimp/cred.h"
#include "actor.h"
#include "parts.h"
#include "rows.h"
#include "suites.h"

#define KILL	CAP_BIT(CAP_KILL)
#define CHOWN	CAP_BIT(CAP_CHOWN)
#define PTRACE	CAP_BIT(CAP_SYS_PTRACE)

/* User 1001 owns a user namespace and one inside it, 1002 another one. */
#define OWNER	1001

enum ns { INIT, CHILD, GRANDCHILD, SIBLING, NAMESPACES };

struct namespaces {
	const struct cred *in[NAMESPACES];
};

static struct namespaces namespaces_make(struct kunit *test)
{
	const struct cred *owner = persona_cred(test, &(struct persona) {
		.uid = OWNER, .gid = OWNER });
	const struct cred *another = persona_cred(test, &(struct persona) {
		.uid = 1002, .gid = 1002 });
	struct namespaces made;

	made.in[INIT] = current_real_cred();
	made.in[CHILD] = persona_user_ns(test, owner, 1000, 1000);
	made.in[GRANDCHILD] = persona_user_ns(test, made.in[CHILD], 1000, 1000);
	made.in[SIBLING] = persona_user_ns(test, another, 1000, 1000);
	return made;
}

struct capable_row {
	const char *name;
	struct persona who;
	enum ns in;
	u32 euid;
	enum ns target;
	int cap;
	bool expected;
};

static const struct capable_row capable_rows[] = {
	{ "effective", { .uid = 1003, .permitted = KILL }, INIT, 1003, INIT, CAP_KILL, true },
	{ "another", { .uid = 1003, .permitted = CHOWN }, INIT, 1003, INIT, CAP_KILL, false },
	{ "all but one", { .permitted = CAPS_ALL & ~KILL }, INIT, 0, INIT, CAP_KILL, false },
	{ "the last one", { .permitted = CAP_BIT(CAP_LAST_CAP) }, INIT, 0, INIT, CAP_LAST_CAP,
	  true },
	{ "inactive", { .uid = 1003, .permitted = KILL, .inactive = KILL },
	  INIT, 1003, INIT, CAP_KILL, false },
	{ "inheritable", { .uid = 1003, .inheritable = KILL }, INIT, 1003, INIT, CAP_KILL, false },
	{ "root without any", {}, INIT, 0, INIT, CAP_KILL, false },
	{ "effective, outside the bounds", { .permitted = KILL, .unbound = KILL },
	  INIT, 0, INIT, CAP_KILL, true },

	{ "from above", { .uid = 1003, .permitted = KILL }, INIT, 1003, CHILD, CAP_KILL, true },
	{ "from two above", { .uid = 1003, .permitted = KILL }, INIT, 1003, GRANDCHILD, CAP_KILL,
	  true },
	{ "another, from above", { .uid = 1003, .permitted = CHOWN }, INIT, 1003, CHILD, CAP_KILL,
	  false },
	{ "root without any, from above", {}, INIT, 0, CHILD, CAP_KILL, false },
	{ "the owner", { .uid = OWNER }, INIT, OWNER, CHILD, CAP_KILL, true },
	{ "the owner, from two above", { .uid = OWNER }, INIT, OWNER, GRANDCHILD, CAP_KILL, true },
	{ "the owner of another", { .uid = OWNER }, INIT, OWNER, SIBLING, CAP_KILL, false },
	{ "the owner by its effective id", { .uid = 1003 }, INIT, OWNER, CHILD, CAP_KILL, true },
	{ "not the owner by its effective id", { .uid = OWNER }, INIT, 1003, CHILD, CAP_KILL,
	  false },

	{ "inside", { .uid = 1003, .permitted = KILL }, CHILD, 1003, CHILD, CAP_KILL, true },
	{ "inside, without any", { .uid = OWNER }, CHILD, OWNER, CHILD, CAP_KILL, false },
	{ "inside, for below", { .uid = 1003, .permitted = KILL }, CHILD, 1003, GRANDCHILD,
	  CAP_KILL, true },
	{ "inside, the owner of what is below", { .uid = OWNER }, CHILD, OWNER, GRANDCHILD,
	  CAP_KILL, true },
	{ "inside, for above", { .permitted = CAPS_ALL }, CHILD, 0, INIT, CAP_KILL, false },
	{ "inside, for beside", { .permitted = CAPS_ALL }, CHILD, 0, SIBLING, CAP_KILL, false },
	{ "two below, for above", { .permitted = CAPS_ALL }, GRANDCHILD, 0, CHILD, CAP_KILL,
	  false },
};

ROWS(capable);

static const struct persona nobody = { .uid = 65534, .gid = 65534 };

static void capable_by_the_cred_given(struct kunit *test)
{
	const struct capable_row *row = test->param_value;
	struct namespaces namespaces = namespaces_make(test);
	struct user_namespace *target = namespaces.in[row->target]->user_ns;
	struct persona who = row->who;
	struct cred *cred;

	who.within = namespaces.in[row->in];
	cred = persona_cred(test, &who);
	cred->euid = KUIDT_INIT(row->euid);

	KUNIT_EXPECT_EQ(test, row->expected, ntimp_cred_capable(cred, target, row->cap));
	persona_become(test, &nobody);
	KUNIT_EXPECT_EQ(test, row->expected, ntimp_cred_capable(cred, target, row->cap));
	KUNIT_EXPECT_PTR_EQ(test, current_real_cred(), current_cred());
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(cred));
}

/* Permitted and effective capabilities, and which of them aren't effective. */
struct held {
	u64 caps;
	u64 inactive;
};

struct read_row {
	const char *name;
	struct ids looker;
	struct held lookers;
	struct ids task;
	struct held tasks;
	enum ns looker_in;
	enum ns task_in;
	bool expected;
};

#define NONE		{}
#define U		OWNER	/* to keep rows of ids to one line */
#define USER		{ U, U, U, U, U, U, U, U }
#define ANOTHER		{ 1003, 1003, 1003, 1003, 1003, 1003, 1003, 1003 }
#define ROOT		{ 0, 0, 0, 0, 0, 0, 0, 0 }

static const struct read_row read_rows[] = {
	{ "the same user", USER, NONE, USER, NONE, INIT, INIT, true },
	{ "another user", USER, NONE, ANOTHER, NONE, INIT, INIT, false },
	{ "the same, but for the ids for files",
	  USER, NONE, { U, U, U, U, U, U, 1003, 1003 }, NONE, INIT, INIT, true },
	{ "the same by the ids for files",
	  { 1003, 1003, 1003, 1003, 1003, 1003, U, U }, NONE, USER, NONE, INIT, INIT, true },
	{ "not the same by the user for files",
	  { U, U, U, U, U, U, 1003, U }, NONE, USER, NONE, INIT, INIT, false },
	{ "not the same by the group for files",
	  { U, U, U, U, U, U, U, 1003 }, NONE, USER, NONE, INIT, INIT, false },
	{ "another real user", USER, NONE, { 1003, U, U, U, U, U, U, U }, NONE, INIT, INIT, false },
	{ "another real group",
	  USER, NONE, { U, 1003, U, U, U, U, U, U }, NONE, INIT, INIT, false },
	{ "another effective user",
	  USER, NONE, { U, U, 1003, U, U, U, U, U }, NONE, INIT, INIT, false },
	{ "another effective group",
	  USER, NONE, { U, U, U, 1003, U, U, U, U }, NONE, INIT, INIT, false },
	{ "another saved user",
	  USER, NONE, { U, U, U, U, 1003, U, U, U }, NONE, INIT, INIT, false },
	{ "another saved group",
	  USER, NONE, { U, U, U, U, U, 1003, U, U }, NONE, INIT, INIT, false },
	{ "root without capabilities", ROOT, NONE, USER, NONE, INIT, INIT, false },

	{ "another user, by capability", USER, { PTRACE }, ANOTHER, NONE, INIT, INIT, true },
	{ "another user, by capability, of all",
	  USER, { PTRACE }, ROOT, { CAPS_ALL }, INIT, INIT, true },
	{ "another user, by an inactive one",
	  USER, { PTRACE, PTRACE }, ANOTHER, NONE, INIT, INIT, false },
	{ "another user, by all other capabilities",
	  USER, { CAPS_ALL & ~PTRACE }, ANOTHER, NONE, INIT, INIT, false },

	{ "a task with more", USER, NONE, USER, { KILL }, INIT, INIT, false },
	{ "a task with more that is inactive",
	  USER, NONE, USER, { KILL, KILL }, INIT, INIT, false },
	{ "a task with as much", USER, { KILL }, USER, { KILL }, INIT, INIT, true },
	{ "a task with less", USER, { KILL | CHOWN }, USER, { KILL }, INIT, INIT, true },
	{ "a task with as much as is inactive",
	  USER, { KILL, KILL }, USER, { KILL }, INIT, INIT, false },
	{ "a task with more, by capability", USER, { PTRACE }, USER, { KILL }, INIT, INIT, true },

	{ "a task below, by its owner", USER, NONE, ANOTHER, { CAPS_ALL }, INIT, CHILD, true },
	{ "a task below, of another owner", ANOTHER, NONE, USER, NONE, INIT, CHILD, false },
	{ "a task below, of the same user, by no owner",
	  ANOTHER, NONE, ANOTHER, NONE, INIT, CHILD, false },
	{ "a task below, by capability",
	  ANOTHER, { PTRACE }, USER, { CAPS_ALL }, INIT, CHILD, true },
	{ "a task above", USER, { CAPS_ALL }, ANOTHER, NONE, CHILD, INIT, false },
	{ "a task above, of the same user", USER, { CAPS_ALL }, USER, NONE, CHILD, INIT, false },
	{ "a task beside", USER, { CAPS_ALL }, ANOTHER, NONE, CHILD, SIBLING, false },
	{ "a task in the same namespace", USER, NONE, USER, NONE, CHILD, CHILD, true },
	{ "another's in the same namespace",
	  USER, { PTRACE }, ANOTHER, { CAPS_ALL }, CHILD, CHILD, true },
};

ROWS(read);

static struct cred *read_cred(struct kunit *test, const struct cred *within,
			      const struct ids *ids, const struct held *held)
{
	struct cred *cred = persona_cred(test, &(struct persona) {
		.permitted = held->caps, .inactive = held->inactive, .within = within });

	ids_set(cred, ids);
	return cred;
}

static void reads_a_task_by_the_cred_given(struct kunit *test)
{
	const struct read_row *row = test->param_value;
	struct namespaces namespaces = namespaces_make(test);
	const struct cred *looker = read_cred(test, namespaces.in[row->looker_in], &row->looker,
					      &row->lookers);
	const struct cred *primary = read_cred(test, namespaces.in[row->task_in], &row->task,
					       &row->tasks);
	struct actor *actor = actor_start(test, primary);

	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_be_process, NULL));
	KUNIT_EXPECT_EQ(test, row->expected, ntimp_cred_may_read_task(looker, actor->task));
	persona_become(test, &nobody);
	KUNIT_EXPECT_EQ(test, row->expected, ntimp_cred_may_read_task(looker, actor->task));
	KUNIT_EXPECT_PTR_EQ(test, current_real_cred(), current_cred());
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(looker));
}

/* Whatever the cred, it is the current thread that looks at itself. */
static void reads_its_own_task(struct kunit *test)
{
	const struct cred *looker = persona_cred(test, &nobody);

	KUNIT_EXPECT_TRUE(test, ntimp_cred_may_read_task(looker, current));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(capable_by_the_cred_given, capable_gen_params),
	KUNIT_CASE_PARAM(reads_a_task_by_the_cred_given, read_gen_params),
	KUNIT_CASE(reads_its_own_task),
	{}
};

struct kunit_suite ntimp_cred_rights_suite = {
	.name = "cred_rights",
	.suite_init = actor_hold_memory,
	.suite_exit = actor_drop_memory,
	.test_cases = cases,
};
