/* SPDX-License-Identifier: GPL-2.0-only */
/* The suites, each in a file of its name, which begins like that of what it tests. */
#ifndef _KUNIT_SUITES_H
#define _KUNIT_SUITES_H

extern struct kunit_suite ntimp_absent_suite;
extern struct kunit_suite ntimp_alloc_suite;
extern struct kunit_suite ntimp_broker_suite;
extern struct kunit_suite ntimp_capture_others_suite;
extern struct kunit_suite ntimp_capture_suite;
extern struct kunit_suite ntimp_compat_suite;
extern struct kunit_suite ntimp_context_pass_suite;
extern struct kunit_suite ntimp_context_suite;
extern struct kunit_suite ntimp_context_worn_suite;
extern struct kunit_suite ntimp_cred_caps_suite;
extern struct kunit_suite ntimp_cred_ids_suite;
extern struct kunit_suite ntimp_cred_keys_suite;
extern struct kunit_suite ntimp_cred_lsm_suite;
extern struct kunit_suite ntimp_cred_rights_suite;
extern struct kunit_suite ntimp_cred_suite;
extern struct kunit_suite ntimp_cred_task_suite;
extern struct kunit_suite ntimp_departure_suite;
extern struct kunit_suite ntimp_dispatch_suite;
extern struct kunit_suite ntimp_gate_consent_suite;
extern struct kunit_suite ntimp_gate_look_suite;
extern struct kunit_suite ntimp_gate_suite;
extern struct kunit_suite ntimp_guard_suite;
extern struct kunit_suite ntimp_identify_cred_suite;
extern struct kunit_suite ntimp_identify_suite;
extern struct kunit_suite ntimp_lease_suite;
extern struct kunit_suite ntimp_nt_access_suite;
extern struct kunit_suite ntimp_nt_aside_suite;
extern struct kunit_suite ntimp_nt_client_suite;
extern struct kunit_suite ntimp_nt_descriptor_suite;
extern struct kunit_suite ntimp_nt_filter_suite;
extern struct kunit_suite ntimp_nt_inode_suite;
extern struct kunit_suite ntimp_nt_peer_suite;
extern struct kunit_suite ntimp_nt_pool_suite;
extern struct kunit_suite ntimp_nt_privilege_suite;
extern struct kunit_suite ntimp_nt_query_suite;
extern struct kunit_suite ntimp_nt_remote_suite;
extern struct kunit_suite ntimp_nt_sid_suite;
extern struct kunit_suite ntimp_nt_status_suite;
extern struct kunit_suite ntimp_nt_subject_suite;
extern struct kunit_suite ntimp_nt_systhread_suite;
extern struct kunit_suite ntimp_nt_thread_suite;
extern struct kunit_suite ntimp_nt_token_suite;
extern struct kunit_suite ntimp_nt_work_suite;
extern struct kunit_suite ntimp_quota_suite;
extern struct kunit_suite ntimp_remote_suite;
extern struct kunit_suite ntimp_thread_aside_suite;
extern struct kunit_suite ntimp_thread_many_suite;
extern struct kunit_suite ntimp_thread_suite;
extern struct kunit_suite ntimp_track_suite;

#endif /* _KUNIT_SUITES_H */
