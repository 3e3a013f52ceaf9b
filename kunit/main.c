// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the suites when the module is loaded, and says what it found in the
 * kernel log (KTAP).  Loading never fails because of a case that did.
 *
 * The suites are not left to the section that KUnit looks into: kernels differ
 * in whether they run those before or after a module's own parameters are set.
 */
#define pr_fmt(fmt) fmt

#include <kunit/test.h>
#include <linux/glob.h>
#include <linux/module.h>

#include "cpus.h"
#include "suites.h"

static char *filter = "*";
module_param(filter, charp, 0444);
MODULE_PARM_DESC(filter, "run the suites whose name matches (default: *)");

static struct kunit_suite *const suites[] = {
	&ntimp_absent_suite,
	&ntimp_alloc_suite,
	&ntimp_broker_suite,
	&ntimp_capture_others_suite,
	&ntimp_capture_suite,
	&ntimp_compat_suite,
	&ntimp_context_cpus_suite,
	&ntimp_context_pass_suite,
	&ntimp_context_suite,
	&ntimp_context_worn_suite,
	&ntimp_cred_caps_suite,
	&ntimp_cred_ids_suite,
	&ntimp_cred_keys_suite,
	&ntimp_cred_lsm_suite,
	&ntimp_cred_rights_suite,
	&ntimp_cred_suite,
	&ntimp_cred_task_suite,
	&ntimp_departure_suite,
	&ntimp_dispatch_suite,
	&ntimp_gate_consent_suite,
	&ntimp_gate_look_suite,
	&ntimp_gate_suite,
	&ntimp_guard_suite,
	&ntimp_identify_cred_suite,
	&ntimp_identify_suite,
	&ntimp_lease_suite,
	&ntimp_lines_suite,
	&ntimp_nt_access_suite,
	&ntimp_nt_alloc_suite,
	&ntimp_nt_aside_suite,
	&ntimp_nt_client_suite,
	&ntimp_nt_descriptor_suite,
	&ntimp_nt_filter_suite,
	&ntimp_nt_inode_suite,
	&ntimp_nt_peer_suite,
	&ntimp_nt_pool_suite,
	&ntimp_nt_privilege_suite,
	&ntimp_nt_query_suite,
	&ntimp_nt_race_suite,
	&ntimp_nt_remote_suite,
	&ntimp_nt_sid_suite,
	&ntimp_nt_status_suite,
	&ntimp_nt_subject_suite,
	&ntimp_nt_systhread_suite,
	&ntimp_nt_thread_suite,
	&ntimp_nt_token_suite,
	&ntimp_nt_work_suite,
	&ntimp_pin_suite,
	&ntimp_quota_suite,
	&ntimp_remote_suite,
	&ntimp_thread_aside_suite,
	&ntimp_thread_many_suite,
	&ntimp_thread_suite,
	&ntimp_track_suite,
};

static struct kunit_suite *chosen[ARRAY_SIZE(suites)];
static int nr_chosen;

static int __init ntimp_kunit_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(suites); i++) {
		/* Those of their own begin with it. */
		if (!suites[i]->init)
			suites[i]->init = cpus_stay;
		if (glob_match(filter, suites[i]->name))
			chosen[nr_chosen++] = suites[i];
	}
	pr_info("KTAP version 1\n1..%d\n", nr_chosen);
	return __kunit_test_suites_init(chosen, nr_chosen);
}

static void __exit ntimp_kunit_exit(void)
{
	__kunit_test_suites_exit(chosen, nr_chosen);
}

module_init(ntimp_kunit_init);
module_exit(ntimp_kunit_exit);

/* What MODULE_IMPORT_NS() makes; kernels differ in whether it takes a string. */
MODULE_INFO(import_ns, "EXPORTED_FOR_KUNIT_TESTING");
MODULE_DESCRIPTION("Tests of ntimp");
MODULE_AUTHOR("The ntimp authors");
MODULE_LICENSE("GPL");
