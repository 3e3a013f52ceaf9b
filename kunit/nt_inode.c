// SPDX-License-Identifier: GPL-2.0-only
/* Access checks on files of Linux's, by the kernel's own rules. */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/stat.h>

#include "defer.h"
#include "nt_sids.h"
#include "nt_tokens.h"
#include "persona.h"
#include "rows.h"
#include "suites.h"

#define FILE_NAME	"/ntimp_nt_inode"

static const struct persona alice = {
	.uid = 1001, .gid = 1001, .ngroups = 2, .groups = { 100, 200 },
};

static const struct persona root = { .uid = 0, .gid = 0, .permitted = CAPS_ALL };
static const struct persona bare_root = { .uid = 0, .gid = 0 };
static const struct persona reader = {
	.uid = 1002, .gid = 1002, .permitted = CAP_BIT(CAP_DAC_READ_SEARCH),
};

static const struct persona owner = { .uid = 1002, .gid = 1002, .permitted = CAP_BIT(CAP_FOWNER) };
static const struct persona chowner = { .uid = 1002, .gid = 1002, .permitted = CAP_BIT(CAP_CHOWN) };

struct inode_row {
	const char *name;
	const struct persona *who;	/* alice, if not said */
	umode_t mode;
	u32 uid;			/* of the file's owner and group */
	u32 gid;
	unsigned int flags;		/* S_IMMUTABLE .. */
	umode_t parent;			/* 0755, if not said; root's */
	ACCESS_MASK desired;
	NTSTATUS status;
	ACCESS_MASK granted;		/* what is desired, if not said */
};

#define GRANTS(_desired)		.desired = (_desired)
#define GRANTS_AS(_desired, _granted)	.desired = (_desired), .granted = (_granted)
#define REFUSES(_desired)		.desired = (_desired), .status = STATUS_ACCESS_DENIED

#define LOOK	(FILE_READ_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE)
#define READS	(FILE_READ_DATA | FILE_READ_EA)
#define WRITES	(FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_WRITE_EA)
#define CHANGE	(FILE_WRITE_ATTRIBUTES | WRITE_DAC)

static const struct inode_row inode_rows[] = {
	{ "owner reads", .mode = 0400, .uid = 1001, GRANTS(READS) },
	{ "owner reads data", .mode = 0400, .uid = 1001, GRANTS(FILE_READ_DATA) },
	{ "owner writes", .mode = 0200, .uid = 1001, GRANTS(WRITES) },
	{ "owner appends", .mode = 0200, .uid = 1001, GRANTS(FILE_APPEND_DATA) },
	{ "owner executes", .mode = 0100, .uid = 1001, GRANTS(FILE_EXECUTE) },
	{ "owner doesn't read", .mode = 0300, .uid = 1001, REFUSES(READS) },
	{ "owner doesn't write", .mode = 0500, .uid = 1001, REFUSES(WRITES) },
	{ "owner doesn't execute", .mode = 0600, .uid = 1001, REFUSES(FILE_EXECUTE) },
	{ "owner comes before others", .mode = 0044, .uid = 1001, REFUSES(READS) },
	{ "one of two", .mode = 0400, .uid = 1001, REFUSES(READS | WRITES) },
	{ "both of two", .mode = 0600, .uid = 1001, GRANTS(READS | WRITES) },
	{ "group reads", .mode = 0040, .gid = 200, GRANTS(READS) },
	{ "group doesn't write", .mode = 0040, .gid = 200, REFUSES(WRITES) },
	{ "group comes before others", .mode = 0004, .gid = 100, REFUSES(READS) },
	{ "primary group writes", .mode = 0020, .gid = 1001, GRANTS(WRITES) },
	{ "others read", .mode = 0004, GRANTS(READS) },
	{ "others don't write", .mode = 0664, REFUSES(WRITES) },
	{ "root reads", .who = &root, .uid = 1001, GRANTS(READS) },
	{ "root writes", .who = &root, .uid = 1001, GRANTS(WRITES) },
	{ "root doesn't execute what nobody does", .who = &root, .uid = 1001,
	  REFUSES(FILE_EXECUTE) },
	{ "root without capabilities", .who = &bare_root, .mode = 0600, .uid = 1001,
	  REFUSES(READS) },
	{ "a reader of all reads", .who = &reader, .uid = 1001, GRANTS(READS) },
	{ "a reader of all doesn't write", .who = &reader, .uid = 1001, REFUSES(WRITES) },

	{ "everybody looks", .uid = 1002, GRANTS(LOOK) },
	{ "owner changes", .uid = 1001, GRANTS(CHANGE) },
	{ "others don't change", .mode = 0777, .uid = 1002, REFUSES(WRITE_DAC) },
	{ "others don't change attributes", .mode = 0777, .uid = 1002,
	  REFUSES(FILE_WRITE_ATTRIBUTES) },
	{ "who is like an owner changes", .who = &owner, .uid = 1001, GRANTS(CHANGE) },
	{ "owner doesn't give away", .mode = 0777, .uid = 1001, REFUSES(WRITE_OWNER) },
	{ "who may change owners does", .who = &chowner, .uid = 1001, GRANTS(WRITE_OWNER) },
	{ "audits are root's", .who = &root, GRANTS(ACCESS_SYSTEM_SECURITY) },
	{ "audits are not others'", .uid = 1001, REFUSES(ACCESS_SYSTEM_SECURITY) },

	{ "deletes from another's directory", .uid = 1001, REFUSES(DELETE) },
	{ "deletes from everybody's directory", .uid = 1002, .parent = 0777, GRANTS(DELETE) },
	{ "deletes from a directory that isn't searched", .uid = 1001, .parent = 0772,
	  REFUSES(DELETE) },
	{ "deletes its own where that is needed", .uid = 1001, .parent = 01777, GRANTS(DELETE) },
	{ "deletes another's where that is needed", .uid = 1002, .parent = 01777, REFUSES(DELETE) },
	{ "root deletes", .who = &root, .uid = 1001, .parent = 01777, GRANTS(DELETE) },
	{ "a file has no children", .mode = 0777, REFUSES(FILE_DELETE_CHILD) },

	{ "immutable, writes", .mode = 0777, .uid = 1001, .flags = S_IMMUTABLE, REFUSES(WRITES) },
	{ "immutable, reads", .mode = 0777, .uid = 1001, .flags = S_IMMUTABLE, GRANTS(READS) },
	{ "immutable, changes", .uid = 1001, .flags = S_IMMUTABLE, REFUSES(WRITE_DAC) },
	{ "immutable, root writes", .who = &root, .flags = S_IMMUTABLE, REFUSES(WRITES) },
	{ "immutable, root changes owners", .who = &root, .flags = S_IMMUTABLE,
	  REFUSES(WRITE_OWNER) },
	{ "immutable, root deletes", .who = &root, .flags = S_IMMUTABLE, REFUSES(DELETE) },

	{ "generic read", .mode = 0400, .uid = 1001,
	  GRANTS_AS(GENERIC_READ, FILE_GENERIC_READ) },
	{ "generic write", .mode = 0200, .uid = 1001,
	  GRANTS_AS(GENERIC_WRITE, FILE_GENERIC_WRITE) },
	{ "generic execute", .mode = 0100, .uid = 1001,
	  GRANTS_AS(GENERIC_EXECUTE, FILE_GENERIC_EXECUTE) },
	{ "generic all", .mode = 0777, .uid = 1001, REFUSES(GENERIC_ALL) },
	{ "maximum, owner", .mode = 0600, .uid = 1001,
	  GRANTS_AS(MAXIMUM_ALLOWED, READS | WRITES | LOOK | CHANGE) },
	{ "maximum, nobody special", GRANTS_AS(MAXIMUM_ALLOWED, LOOK) },
	{ "maximum, in everybody's directory", .mode = 0004, .parent = 0777,
	  GRANTS_AS(MAXIMUM_ALLOWED, READS | LOOK | DELETE) },
	{ "maximum, and one that is there", .mode = 0004,
	  GRANTS_AS(MAXIMUM_ALLOWED | FILE_READ_DATA, READS | LOOK) },
	{ "maximum, and one that isn't", .mode = 0004, REFUSES(MAXIMUM_ALLOWED | FILE_WRITE_DATA) },
	{ "nothing", .mode = 0777, .uid = 1001, REFUSES(0) },
	{ "no right to a file", .mode = 0777, .uid = 1001, REFUSES(0x200 | FILE_READ_DATA) },
};

ROWS(inode);

static void undo_file(const void *file)
{
	struct file *opened = (struct file *)file;

	file_inode(opened)->i_flags &= ~S_IMMUTABLE;
	filp_close(opened, NULL);
}

static void undo_parent(const void *dentry)
{
	d_inode((const struct dentry *)dentry)->i_mode = S_IFDIR | 0755;
}

/* A file in the root directory, which is in memory and the guest's own. */
static const struct path *file_of(struct kunit *test, const struct inode_row *row)
{
	struct file *file = filp_open(FILE_NAME, O_CREAT | O_RDWR, 0600);
	struct inode *inode;

	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(file), "error %ld", PTR_ERR(file));
	defer(test, undo_file, file);
	inode = file_inode(file);
	inode->i_mode = S_IFREG | row->mode;
	inode->i_uid = KUIDT_INIT(row->uid);
	inode->i_gid = KGIDT_INIT(row->gid);
	inode->i_flags |= row->flags;

	defer(test, undo_parent, file->f_path.dentry->d_parent);
	d_inode(file->f_path.dentry->d_parent)->i_mode = S_IFDIR | (row->parent ?: 0755);
	return &file->f_path;
}

static SECURITY_SUBJECT_CONTEXT subject_of(struct kunit *test, const struct persona *who,
					   SECURITY_IMPERSONATION_LEVEL level)
{
	return (SECURITY_SUBJECT_CONTEXT) {
		.ClientToken = token_make(test, who, TokenImpersonation, level),
		.ImpersonationLevel = level,
		.PrimaryToken = token_make(test, &root, TokenPrimary, 0),
	};
}

static void expect_check(struct kunit *test, PSECURITY_SUBJECT_CONTEXT subject,
			 const struct path *path, ACCESS_MASK desired, NTSTATUS status,
			 ACCESS_MASK rights)
{
	const struct cred *worn = current_cred(), *primary = current_real_cred();
	PACCESS_TOKEN token = SeQuerySubjectContextToken(subject);
	unsigned int usage = token_usage(token);
	ACCESS_MASK granted = ~0U;

	KUNIT_EXPECT_EQ(test, status, NtimpSeAccessCheckPath(subject, path, desired, &granted));
	KUNIT_EXPECT_EQ(test, rights, granted);
	KUNIT_EXPECT_PTR_EQ(test, worn, current_cred());
	KUNIT_EXPECT_PTR_EQ(test, primary, current_real_cred());
	KUNIT_EXPECT_EQ(test, usage, token_usage(token));
}

static void access_is_as_the_kernel_says(struct kunit *test)
{
	const struct inode_row *row = test->param_value;
	ACCESS_MASK granted = row->status ? 0 : row->granted ?: row->desired;
	const struct path *path = file_of(test, row);
	SECURITY_SUBJECT_CONTEXT subject;

	subject = subject_of(test, row->who ?: &alice, SecurityImpersonation);
	expect_check(test, &subject, path, row->desired, row->status, granted);

	/* The same as the primary of a thread that doesn't impersonate. */
	subject.ClientToken = NULL;
	subject.PrimaryToken = token_make(test, row->who ?: &alice, TokenPrimary, 0);
	expect_check(test, &subject, path, row->desired, row->status, granted);
}

static const struct inode_row open_to_all = { .mode = 0777, .parent = 0777 };

static void directories_are_changed_by_who_searches_them(struct kunit *test)
{
	const struct path *path = file_of(test, &open_to_all);
	struct path dir = { .mnt = path->mnt, .dentry = path->dentry->d_parent };
	SECURITY_SUBJECT_CONTEXT subject = subject_of(test, &alice, SecurityImpersonation);

	expect_check(test, &subject, &dir, FILE_ADD_FILE | FILE_DELETE_CHILD, STATUS_SUCCESS,
		     FILE_ADD_FILE | FILE_DELETE_CHILD);
	d_inode(dir.dentry)->i_mode = S_IFDIR | 0772;
	expect_check(test, &subject, &dir, FILE_ADD_FILE, STATUS_ACCESS_DENIED, 0);
	expect_check(test, &subject, &dir, FILE_DELETE_CHILD, STATUS_ACCESS_DENIED, 0);
	/* Nobody deletes the root of a mount. */
	d_inode(dir.dentry)->i_mode = S_IFDIR | 0777;
	expect_check(test, &subject, &dir, DELETE, STATUS_ACCESS_DENIED, 0);
}

static void low_levels_may_nothing(struct kunit *test)
{
	const struct path *path = file_of(test, &open_to_all);
	SECURITY_IMPERSONATION_LEVEL level;

	for (level = SecurityAnonymous; level <= SecurityDelegation; level++) {
		SECURITY_SUBJECT_CONTEXT subject = subject_of(test, &alice, level);
		bool may = level >= SecurityImpersonation;

		expect_check(test, &subject, path, FILE_READ_DATA,
			     may ? STATUS_SUCCESS : STATUS_BAD_IMPERSONATION_LEVEL,
			     may ? FILE_READ_DATA : 0);
	}
}

/* What a subject context says of a level can't raise that of the token. */
static void level_of_the_token_counts_too(struct kunit *test)
{
	const struct path *path = file_of(test, &open_to_all);
	SECURITY_SUBJECT_CONTEXT subject = subject_of(test, &alice, SecurityIdentification);

	subject.ImpersonationLevel = SecurityImpersonation;
	expect_check(test, &subject, path, FILE_READ_DATA, STATUS_BAD_IMPERSONATION_LEVEL, 0);
}

static void filtered_tokens_may_less(struct kunit *test)
{
	static const struct inode_row of_alice = { .uid = 1001 };
	const struct path *path = file_of(test, &of_alice);
	SECURITY_SUBJECT_CONTEXT subject = subject_of(test, &root, SecurityImpersonation);
	PACCESS_TOKEN whole = subject.ClientToken;
	static const enum sid_name names[LIST_MAX] = { ADMINS };

	expect_check(test, &subject, path, FILE_READ_DATA, STATUS_SUCCESS, FILE_READ_DATA);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			SeFilterToken(whole, DISABLE_MAX_PRIVILEGE, NULL, NULL, NULL,
				      &subject.ClientToken));
	keep_token(test, subject.ClientToken);
	expect_check(test, &subject, path, FILE_READ_DATA, STATUS_ACCESS_DENIED, 0);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			SeFilterToken(whole, 0, groups_list(test, names, 0), NULL, NULL,
				      &subject.ClientToken));
	keep_token(test, subject.ClientToken);
	expect_check(test, &subject, path, FILE_READ_DATA, STATUS_BAD_IMPERSONATION_LEVEL, 0);
}

static void gate_is_asked(struct kunit *test)
{
	static const struct persona server = { .uid = 1000, .gid = 1000 };
	const struct path *path = file_of(test, &open_to_all);
	SECURITY_SUBJECT_CONTEXT subject = subject_of(test, &alice, SecurityImpersonation);

	persona_become(test, &server);
	expect_check(test, &subject, path, FILE_READ_DATA, STATUS_ACCESS_DENIED, 0);
}

/* Judged as the subject, whomever the thread acts as meanwhile. */
static void thread_may_act_as_somebody_else(struct kunit *test)
{
	static const struct inode_row of_alice = { .mode = 0400, .uid = 1001 };
	const struct path *path = file_of(test, &of_alice);
	SECURITY_SUBJECT_CONTEXT subject = subject_of(test, &alice, SecurityImpersonation);
	struct nt_token *other = token_made(test, &reader, SecurityIdentification);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), other, FALSE, FALSE,
					    SecurityIdentification));
	expect_check(test, &subject, path, FILE_READ_DATA, STATUS_SUCCESS, FILE_READ_DATA);
	PsRevertToSelf();
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(access_is_as_the_kernel_says, inode_gen_params),
	KUNIT_CASE(directories_are_changed_by_who_searches_them),
	KUNIT_CASE(low_levels_may_nothing),
	KUNIT_CASE(level_of_the_token_counts_too),
	KUNIT_CASE(filtered_tokens_may_less),
	KUNIT_CASE(gate_is_asked),
	KUNIT_CASE(thread_may_act_as_somebody_else),
	{}
};

struct kunit_suite ntimp_nt_inode_suite = {
	.name = "nt_inode",
	.test_cases = cases,
};
