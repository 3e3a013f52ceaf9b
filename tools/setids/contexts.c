// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Contexts of the clients that were seen last, and the device.
 *
 * A context is worn under the read lock, and closed under the write lock: its number
 * could otherwise be that of somebody else's by the time it is used.
 *
 * The descriptors are the library's in a program that does not know of them.  They
 * have high numbers, so that what it opens itself has those it expects.  Where it has
 * closed them nevertheless, as daemons do, all are forgotten: they are its own now.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/ntimp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "contexts.h"

#define DEVICE_PATH	"/dev/ntimp"
#define LOWEST_FD	512
#define BUCKETS		256
/* Of the 1,024 descriptors that a process usually has. */
#define USUAL_CONTEXTS	256
#define MOST_CONTEXTS	65536

/**
 * struct entry - a context
 * @next: in the bucket
 * @client: what it is of; the groups stand behind it
 * @hash: of @client
 * @used: tick of the last use
 * @id: number of the context, never used twice
 * @fd: its descriptor, if that still is it
 */
struct entry {
	struct entry *next;
	struct client client;
	uint32_t hash;
	unsigned long used;
	__u64 id;
	int fd;
	gid_t groups[];
};

/* Protects all below. */
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static struct entry *buckets[BUCKETS];
static unsigned int count, most = USUAL_CONTEXTS;
static int device = -1;
/* But for these, which are counted under the read lock. */
static unsigned long ticks, made;

static uint32_t mixed(uint32_t hash, uint32_t number)
{
	return (hash ^ number) * 16777619u;
}

static uint32_t hash_of(const struct client *client)
{
	uint32_t hash = mixed(mixed(2166136261u, client->uid), client->gid);

	hash = mixed(mixed(hash, (uint32_t)client->caps), (uint32_t)(client->caps >> 32));
	for (size_t i = 0; i < client->ngroups; i++)
		hash = mixed(hash, client->groups[i]);
	return hash ^ hash >> 16;
}

static struct entry *find(const struct client *client, uint32_t hash)
{
	struct entry *entry;

	for (entry = buckets[hash % BUCKETS]; entry; entry = entry->next) {
		if (entry->hash == hash && entry->client.uid == client->uid &&
		    entry->client.gid == client->gid && entry->client.caps == client->caps &&
		    entry->client.ngroups == client->ngroups &&
		    !memcmp(entry->groups, client->groups, client->ngroups * sizeof(gid_t)))
			return entry;
	}
	return NULL;
}

static int is_lost(int err)
{
	return err == -EBADF || err == -ENOTTY;
}

/* A descriptor with a high number, and close-on-exec. */
static int moved_up(int fd)
{
	int high;

	if (fd < 0 || fd >= LOWEST_FD)
		return fd;
	high = fcntl(fd, F_DUPFD_CLOEXEC, LOWEST_FD);
	if (high < 0)
		return fd;
	close(fd);
	return high;
}

static int open_device(void)
{
	struct ntimp_version version = { .size = sizeof(version) };
	int cancellable;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancellable);
	device = moved_up(open(DEVICE_PATH, O_RDWR | O_CLOEXEC));
	pthread_setcancelstate(cancellable, NULL);
	if (device < 0)
		return -1;
	if (!ioctl(device, NTIMP_VERSION, &version))
		return 0;
	close(device);
	device = -1;
	errno = ENODEV;
	return -1;
}

void contexts_begin(void)
{
	const char *number = getenv("NTIMP_SETIDS_CONTEXTS");
	char *end;

	if (number && *number) {
		unsigned long value = strtoul(number, &end, 10);

		if (!*end && value && value <= MOST_CONTEXTS)
			most = (unsigned int)value;
	}
	open_device();
}

/* Closes what is the entry's, and nothing that has its number now. */
static void drop(struct entry *entry)
{
	struct ntimp_info info = { .size = sizeof(info) };

	if (!ioctl(entry->fd, NTIMP_CTX_QUERY, &info) && info.id == entry->id)
		close(entry->fd);
	free(entry);
	count--;
}

static void drop_all(void)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		while (buckets[i]) {
			struct entry *entry = buckets[i];

			buckets[i] = entry->next;
			drop(entry);
		}
	}
}

static void drop_oldest(void)
{
	struct entry **at, **oldest = NULL, *entry;

	for (size_t i = 0; i < BUCKETS; i++) {
		for (at = &buckets[i]; *at; at = &(*at)->next) {
			if (!oldest || ticks - (*at)->used > ticks - (*oldest)->used)
				oldest = at;
		}
	}
	if (!oldest)
		return;
	entry = *oldest;
	*oldest = entry->next;
	drop(entry);
}

static int capture(const struct client *client)
{
	struct ntimp_capture request = {
		.size = sizeof(request),
		.source = NTIMP_SOURCE_IDS,
		.qos.level = NTIMP_LEVEL_IMPERSONATION,
		.uid = client->uid,
		.gid = client->gid,
		.groups = client->ngroups ? (uintptr_t)client->groups : 0,
		.ngroups = (__u32)client->ngroups,
		.flags = NTIMP_CAPTURE_CAPS,
		.caps = client->caps,
	};
	int ctx = -1;

	if (device >= 0) {
		ctx = ioctl(device, NTIMP_CAPTURE, &request);
		/* What has its number now is the program's. */
		if (ctx < 0 && is_lost(-errno))
			device = -1;
	}
	if (device < 0) {
		if (open_device())
			return -1;
		ctx = ioctl(device, NTIMP_CAPTURE, &request);
	}
	return moved_up(ctx);
}

/* Makes a context and puts it into the cache, where there may be none of @client. */
static struct entry *make(const struct client *client, uint32_t hash)
{
	size_t size = client->ngroups * sizeof(gid_t);
	struct entry *entry = malloc(sizeof(*entry) + size);
	struct ntimp_info info = { .size = sizeof(info) };

	if (!entry)
		return NULL;
	entry->fd = capture(client);
	if (entry->fd < 0)
		goto out_free;
	if (ioctl(entry->fd, NTIMP_CTX_QUERY, &info))
		goto out_close;
	while (count >= most)
		drop_oldest();
	entry->id = info.id;
	entry->client = *client;
	if (size)
		memcpy(entry->groups, client->groups, size);
	entry->client.groups = entry->groups;
	entry->hash = hash;
	entry->used = ticks;
	entry->next = buckets[hash % BUCKETS];
	buckets[hash % BUCKETS] = entry;
	count++;
	made++;
	return entry;

out_close:
	close(entry->fd);
out_free:
	free(entry);
	return NULL;
}

static int wear(struct entry *entry)
{
	unsigned long now = __atomic_add_fetch(&ticks, 1, __ATOMIC_RELAXED);

	__atomic_store_n(&entry->used, now, __ATOMIC_RELAXED);
	return ioctl(entry->fd, NTIMP_CTX_IMPERSONATE, 0) ? -errno : 0;
}

static int wear_new(const struct client *client, uint32_t hash)
{
	struct entry *entry;
	int err = -EBADF;

	pthread_rwlock_wrlock(&lock);
	entry = find(client, hash);
	if (entry)
		err = wear(entry);
	if (is_lost(err)) {
		if (entry)
			drop_all();
		entry = make(client, hash);
		err = entry ? wear(entry) : -errno;
	}
	pthread_rwlock_unlock(&lock);
	return err;
}

int contexts_wear(const struct client *client)
{
	uint32_t hash = hash_of(client);
	struct entry *entry;
	int err = -EBADF;

	pthread_rwlock_rdlock(&lock);
	entry = find(client, hash);
	if (entry)
		err = wear(entry);
	pthread_rwlock_unlock(&lock);
	return is_lost(err) ? wear_new(client, hash) : err;
}

void contexts_revert(void)
{
	int ret;

	pthread_rwlock_rdlock(&lock);
	ret = ioctl(device, NTIMP_REVERT, 0);
	pthread_rwlock_unlock(&lock);
	if (!ret)
		return;
	pthread_rwlock_wrlock(&lock);
	/* A second one, as far as this thread knows. */
	if (ioctl(device, NTIMP_REVERT, 0)) {
		device = -1;
		if (!open_device())
			ret = ioctl(device, NTIMP_REVERT, 0);
	} else {
		ret = 0;
	}
	pthread_rwlock_unlock(&lock);
	if (!ret)
		return;
	fprintf(stderr, "ntimp-setids: cannot revert to the program's own identity: %m\n"
		"  -> the process ends, since it must not go on as its client;\n"
		"     do not close descriptors which the program did not open\n");
	abort();
}

void contexts_hold(void)
{
	pthread_rwlock_wrlock(&lock);
}

void contexts_release(void)
{
	pthread_rwlock_unlock(&lock);
}

void contexts_release_in_child(void)
{
	/* It was locked by another thread, as far as the number of this one tells. */
	lock = (pthread_rwlock_t)PTHREAD_RWLOCK_INITIALIZER;
}

unsigned long contexts_made(void)
{
	return made;
}
