// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever a client does with a file, it makes no difference to the result,
 * and to what becomes of the file, in which of four ways it is done: by a
 * process that is the client, by a thread that impersonates it, by the broker,
 * or by the broker's worker.
 *
 * Each deed is done to each entry of a tree as one of the clients in all ways,
 * one after the other; after each the tree is put back as it was.
 */
#include "harness.h"
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "deed.h"
#include "device.h"
#include "scale.h"
#include "scratch.h"
#include "setting.h"
#include "tree.h"
#include "ways.h"

#define SEED		0x6e74696d70000001ULL
#define SECONDS		600	/* against a hang */
#define ENTRIES		scaled(TREE_ENTRIES)
#define OPERATIONS	(ENTRIES * DEEDS)
#define REPORTED	20	/* differences that are told */
#define CLIENTS		4
#define MANY		200

/* What a deed leads to: the result, what was opened, and the tree afterwards. */
struct outcome {
	int result;
	struct look opened;
	struct look entry;
	struct look other;
	struct look end;
};

FIXTURE(equal_ways)
{
	int dev;
	struct scratch scratch;
	struct scratch root;
	struct tree *tree;
	struct stand_in clients[CLIENTS];
	bool quiet;
	unsigned int differences;
	unsigned int differ[WAYS];
	unsigned int done;
	unsigned int refused;
};

FIXTURE_VARIANT(equal_ways)
{
	const char *name;
	/* Both in a shell whose working directory is a tmpfs of the test's own. */
	const char *before;
	const char *planted;
	const char *where;
};

FIXTURE_VARIANT_ADD(equal_ways, tmpfs)
{
	.name = "tmpfs",
	.before = "mkdir root",
	.planted = "true",
	.where = "root",
};

/*
 * mount -o loop would hold the device open for writing meanwhile, which kernels
 * without CONFIG_BLK_DEV_WRITE_MOUNTED don't have.  Detached devices stay for as
 * long as they are mounted.
 */
FIXTURE_VARIANT_ADD(equal_ways, ext4)
{
	.name = "ext4",
	.before = "for m in loop ext4; do modprobe $m 2>/dev/null; done;"
		  "mkdir root && truncate -s 32M image && mkfs.ext4 -q -F image &&"
		  "loop=$(losetup -f) && losetup $loop image &&"
		  "mount -t ext4 $loop root && losetup -d $loop",
	.planted = "true",
	.where = "root",
};

FIXTURE_VARIANT_ADD(equal_ways, overlay)
{
	.name = "overlayfs",
	.before = "modprobe overlay 2>/dev/null; mkdir root upper work merged",
	.planted = "mount -t overlay -o lowerdir=root,upperdir=upper,workdir=work overlay merged",
	.where = "merged",
};

static int shell(const struct scratch *scratch, const char *script)
{
	char command[512];

	snprintf(command, sizeof(command), "cd %s && %s", scratch->path, script);
	return system(command) ? -EIO : 0;
}

static int dir_open(const struct scratch *in, const char *name)
{
	int fd = openat(in->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && fchmod(fd, 0777))
		return -errno;
	return fd < 0 ? -errno : fd;
}

static int stay_on_one_processor(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	return sched_setaffinity(0, sizeof(one), &one) ? -errno : 0;
}

static int start_clients(FIXTURE_DATA(equal_ways) *self, int root)
{
	static const gid_t few[] = { 2000, 2001 };
	gid_t many[MANY];
	const struct persona who[CLIENTS] = {
		{ .uid = 1001, .gid = 1001, .groups = few, .ngroups = 1 },
		{ .uid = 1002, .gid = 2002, .groups = many, .ngroups = MANY },
		{ .uid = 1003, .gid = 1003 },
		{ .uid = 1004, .gid = 2002, .groups = few, .ngroups = 2 },
	};
	int err = 0;

	for (int i = 0; i < MANY; i++)
		many[i] = 2000 + i;
	for (int i = 0; i < CLIENTS && !err; i++)
		err = stand_in_start(&self->clients[i], self->dev, root, &who[i]);
	return err;
}

FIXTURE_SETUP(equal_ways)
{
	int planted, root;

	/* The rules for sticky directories, as most distributions set them. */
	ASSERT_EQ(0, setting_write("/proc/sys/fs/protected_symlinks", "1"));
	ASSERT_EQ(0, setting_write("/proc/sys/fs/protected_regular", "2"));
	ASSERT_EQ(0, stay_on_one_processor());
	umask(027);
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, scratch_mount(&self->scratch, "mode=755"));
	self->tree = malloc(sizeof(*self->tree));
	ASSERT_NE(NULL, self->tree);

	ASSERT_EQ(0, shell(&self->scratch, variant->before));
	planted = dir_open(&self->scratch, "root");
	ASSERT_LE(0, planted);
	tree_think(self->tree, SEED);
	ASSERT_EQ(0, tree_plant(self->tree, planted));
	ASSERT_EQ(0, shell(&self->scratch, variant->planted));
	root = dir_open(&self->scratch, variant->where);
	ASSERT_LE(0, root);
	self->tree->root = root;
	close(planted);
	ASSERT_EQ(0, start_clients(self, root));
}

FIXTURE_TEARDOWN(equal_ways)
{
	for (int i = 0; i < CLIENTS; i++)
		EXPECT_EQ(0, stand_in_finish(&self->clients[i]));
	close(self->tree->root);
	free(self->tree);
	close(self->scratch.fd);
	EXPECT_EQ(0, umount2(self->scratch.path, MNT_DETACH));
	rmdir(self->scratch.path);
	close(self->dev);
}

/* Where links from an entry lead in the end: an entry, or NULL and a name. */
static const struct entry *end_of(const struct tree *tree, const struct entry *entry,
				  const char **name)
{
	while (S_ISLNK(entry->mode) && entry->target_entry >= 0)
		entry = &tree->entries[entry->target_entry];
	*name = S_ISLNK(entry->mode) ? entry->target : entry->path;
	return S_ISLNK(entry->mode) ? NULL : entry;
}

static void remove_any(const struct tree *tree, const char *name)
{
	if (unlinkat(tree->root, name, 0))
		unlinkat(tree->root, name, AT_REMOVEDIR);
}

/* What was done is undone: 0 or -errno. */
static int undo(const struct tree *tree, const struct deed *deed, const struct deed_on *on,
		const struct entry *entry, const struct entry *partner)
{
	const struct entry *end;
	const char *name;
	int err = 0;

	if (deed->other == OTHER_INSIDE)
		remove_any(tree, on->path2);
	else if (deed->other != OTHER_NONE &&
		 renameat2(tree->root, on->path2, tree->root, on->path,
			   deed->how & RENAME_EXCHANGE))
		return -errno;

	end = end_of(tree, entry, &name);
	/* A link to itself is an entry, too. */
	if (!end && strcmp(name, entry->path) && deed->other == OTHER_NONE)
		remove_any(tree, name);
	if (deed->other == OTHER_PARTNER)
		err = tree_mend(tree, partner);
	if (!err)
		err = tree_mend(tree, entry);
	if (!err && end)
		err = tree_mend(tree, end);
	return err;
}

static int do_and_undo(FIXTURE_DATA(equal_ways) *self, struct stand_in *client, enum way way,
		       int number, const struct deed_on *on, const struct entry *entry,
		       const struct entry *partner, struct outcome *outcome)
{
	const struct deed *deed = &deeds[number];
	const struct tree *tree = self->tree;
	const char *name;

	memset(outcome, 0, sizeof(*outcome));
	outcome->result = stand_in_do(client, way, number, on, &outcome->opened);
	if (!deed->changes)
		return 0;
	look_at(tree->root, on->path, &outcome->entry);
	if (on->path2[0])
		look_at(tree->root, on->path2, &outcome->other);
	if (outcome->result)
		return 0;
	end_of(tree, entry, &name);
	look_at(tree->root, name, &outcome->end);
	return undo(tree, deed, on, entry, partner);
}

static void tell_look(const char *what, const struct look *look)
{
	printf("#     %s: error %d, mode %o, %u:%u, size %lld, ACL %d\n", what, look->err,
	       look->mode, look->uid, look->gid, (long long)look->size, look->acl);
}

static void tell_outcome(enum way way, const struct outcome *outcome)
{
	printf("#   %s: %s\n", way_names[way],
	       outcome->result ? strerror(-outcome->result) : "done");
	tell_look("opened", &outcome->opened);
	tell_look("entry", &outcome->entry);
	tell_look("other", &outcome->other);
	tell_look("end", &outcome->end);
}

static void compare(FIXTURE_DATA(equal_ways) *self, int client, const struct deed *deed,
		    const struct deed_on *on, const struct outcome outcomes[WAYS])
{
	const struct outcome *measure = &outcomes[WAY_REAL];

	for (int way = WAY_REAL + 1; way < WAYS; way++) {
		if (!memcmp(measure, &outcomes[way], sizeof(*measure)))
			continue;
		self->differ[way]++;
		if (self->differences++ >= REPORTED || self->quiet)
			continue;
		printf("# client %d: %s: %s %s\n", client, deed->name, on->path, on->path2);
		tell_outcome(WAY_REAL, measure);
		tell_outcome(way, &outcomes[way]);
	}
	if (measure->result)
		self->refused++;
	else
		self->done++;
}

static int compare_deed(FIXTURE_DATA(equal_ways) *self, int number, const struct entry *entry,
			const struct entry *partner, int client)
{
	struct outcome outcomes[WAYS];
	struct deed_on on;
	int err = 0;

	deed_aim(&deeds[number], entry, partner, &on);
	for (int way = 0; way < WAYS && !err; way++)
		err = do_and_undo(self, &self->clients[client], way, number, &on, entry, partner,
				  &outcomes[way]);
	if (err)
		printf("# %s: %s %s can't be undone: %s\n", deeds[number].name, on.path, on.path2,
		       strerror(-err));
	else
		compare(self, client, &deeds[number], &on, outcomes);
	return err;
}

/* With as many entries as that, from all over the tree. */
static int compare_all(FIXTURE_DATA(equal_ways) *self, int entries)
{
	struct tree *tree = self->tree;
	int err = 0;

	for (int i = 0; i < entries * DEEDS && !err; i++) {
		const struct entry *entry = &tree->entries[i / DEEDS * TREE_ENTRIES / entries];
		const struct entry *partner = &tree->entries[tree_random(tree, TREE_ENTRIES)];

		err = compare_deed(self, i % DEEDS, entry, partner, tree_random(tree, CLIENTS));
	}
	return err;
}

TEST_F_TIMEOUT(equal_ways, all_results_are_equal, SECONDS)
{
	ASSERT_EQ(0, compare_all(self, ENTRIES));
	printf("# %s: %u operations compared in %d ways: %u done, %u refused, %u differences\n",
	       variant->name, self->done + self->refused, WAYS, self->done, self->refused,
	       self->differences);
	EXPECT_EQ(0, self->differences);
	EXPECT_EQ(OPERATIONS, self->done + self->refused);
	/* A tree in which nothing, or everything, is allowed would show little. */
	EXPECT_LT(OPERATIONS / 5, self->done);
	EXPECT_LT(OPERATIONS / 5, self->refused);
}

/* Two clients have each other's contexts: differences are seen in every way. */
TEST_F(equal_ways, differences_are_seen)
{
	struct stand_in *clients = self->clients;
	int ctx = clients[0].ctx;

	if (strcmp(variant->name, "tmpfs"))
		return;
	clients[0].ctx = clients[1].ctx;
	clients[1].ctx = ctx;
	self->quiet = true;
	ASSERT_EQ(0, compare_all(self, TREE_ENTRIES / 20));
	for (int way = WAY_REAL + 1; way < WAYS; way++) {
		EXPECT_LT(20, self->differ[way])
			TH_LOG("%s", way_names[way]);
	}
}

TEST_HARNESS_MAIN
