// SPDX-License-Identifier: GPL-2.0-only
/*
 * NT's routines from several threads at a time, about the same tokens and threads.
 * What a race breaks shows in the references in the end, or to the sanitizers.
 */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>

#include <linux/nt/ntstatus.h>
#include <linux/nt/security.h>

#include "../ntimp/cred.h"
#include "nt_tokens.h"
#include "persona.h"
#include "pins.h"
#include "suites.h"

#define THREADS	3
#define TIMES	2000

static const struct persona mighty = { .uid = 1001, .gid = 1001, .permitted = CAPS_SETIDS };
static const struct persona alice = { .uid = 1001, .gid = 1001 };
static const struct persona bob = { .uid = 1002, .gid = 1002 };

/**
 * struct play - what several threads do at a time
 * @subject: the thread that they look at
 * @a: a token that the subject impersonates
 * @b: another one
 * @failed: how often something was not as it should be
 */
struct play {
	struct actor *subject;
	struct nt_token *a;
	struct nt_token *b;
	atomic_t failed;
};

static void expect(struct play *play, bool is)
{
	if (!is)
		atomic_inc(&play->failed);
}

static void perform(struct kunit *test, struct play *play, int (*act)(void *play))
{
	struct actor *actors[THREADS];
	int i;

	for (i = 0; i < THREADS; i++)
		actors[i] = actor_start(test, NULL);
	for (i = 0; i < THREADS; i++)
		actor_begin(actors[i], act, play);
	for (i = 0; i < THREADS; i++)
		actor_end(actors[i]);
	for (i = 0; i < THREADS; i++)
		actor_exit(actors[i]);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&play->failed));
}

static int act_take_primary(void *part)
{
	struct play *play = part;
	int i;

	for (i = 0; i < TIMES; i++) {
		PACCESS_TOKEN token;

		token = PsReferencePrimaryToken((PEPROCESS)thread_of(play->subject));
		expect(play, nt_token_from(token)->primary ==
			     rcu_access_pointer(play->subject->task->real_cred));
		PsDereferencePrimaryToken(token);
	}
	return 0;
}

/* The last reference is dropped by one while another one looks for the token. */
static void primary_comes_and_goes(struct kunit *test)
{
	struct play play = { .subject = client_start(test, &mighty) };
	const struct cred *primary = rcu_access_pointer(play.subject->task->real_cred);
	long usage = cred_usage(primary);
	int before = pins(test);

	perform(test, &play, act_take_primary);
	KUNIT_EXPECT_EQ(test, usage, cred_usage(primary));
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static int act_toggle(void *part)
{
	struct play *play = part;
	SE_IMPERSONATION_STATE state;
	int i;

	for (i = 0; i < TIMES; i++) {
		struct nt_token *token = i & 1 ? play->a : play->b;

		expect(play, PsImpersonateClient(PsGetCurrentThread(), token, FALSE, FALSE,
						 SecurityImpersonation) == STATUS_SUCCESS);
		if (i & 2) {
			expect(play, PsDisableImpersonation(PsGetCurrentThread(), &state));
			PsRestoreImpersonation(PsGetCurrentThread(), &state);
		}
		if (i & 4)
			PsRevertToSelf();
	}
	PsRevertToSelf();
	return 0;
}

static int act_look(void *part)
{
	struct play *play = part;
	int i;

	for (i = 0; i < TIMES; i++) {
		SECURITY_SUBJECT_CONTEXT subject;

		SeCaptureSubjectContextEx(thread_of(play->subject),
					  (PEPROCESS)thread_of(play->subject), &subject);
		SeLockSubjectContext(&subject);
		SeUnlockSubjectContext(&subject);
		SeReleaseSubjectContext(&subject);
	}
	return 0;
}

/* Whom the thread acts as is looked at while it changes. */
static void subject_changes_meanwhile(struct kunit *test)
{
	struct play play = {
		.subject	= client_start(test, &mighty),
		.a		= token_made(test, &alice, 2),
		.b		= token_made(test, &bob, 2),
	};
	int before = pins(test);

	actor_begin(play.subject, act_toggle, &play);
	perform(test, &play, act_look);
	actor_end(play.subject);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&play.failed));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(play.a));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(play.b));
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

/* Many threads with the same tokens. */
static void tokens_are_shared(struct kunit *test)
{
	struct play play = {
		.a	= token_made(test, &alice, 3),
		.b	= token_made(test, &bob, 3),
	};
	int before = pins(test);

	perform(test, &play, act_toggle);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(play.a));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(play.b));
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static int act_follow(void *part)
{
	struct play *play = part;
	int i;

	for (i = 0; i < TIMES; i++) {
		expect(play, PsImpersonateClient(PsGetCurrentThread(), play->a, TRUE, FALSE,
						 SecurityImpersonation) == STATUS_SUCCESS);
		expect(play, __kuid_val(current_fsuid()) == 1001);
		PsRevertToSelf();
	}
	return 0;
}

static int act_narrow(void *cred)
{
	return commit_creds((struct cred *)get_cred(cred));
}

/* The client narrows itself while its token is put on. */
static void client_narrows_meanwhile(struct kunit *test)
{
	struct play play = { .subject = client_start(test, &mighty) };
	const struct cred *less = persona_cred(test, &alice);

	play.a = primary_of(test, play.subject);
	actor_begin(play.subject, act_narrow, (void *)less);
	perform(test, &play, act_follow);
	KUNIT_EXPECT_EQ(test, 0, actor_end(play.subject));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(play.a));
	KUNIT_EXPECT_PTR_EQ(test, less, keep_cred(test, nt_token_client(play.a)));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(primary_comes_and_goes),
	KUNIT_CASE(subject_changes_meanwhile),
	KUNIT_CASE(tokens_are_shared),
	KUNIT_CASE(client_narrows_meanwhile),
	{}
};

struct kunit_suite ntimp_nt_race_suite = {
	.name = "nt_race",
	.suite_init = actor_hold_memory,
	.suite_exit = actor_drop_memory,
	.test_cases = cases,
};
