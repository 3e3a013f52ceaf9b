// SPDX-License-Identifier: GPL-2.0-only
/* What all workers share, see shared.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device.h"
#include "files.h"
#include "shared.h"

struct shared *shared_create(void)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return NULL;
	for (int i = 0; i < CONTEXTS; i++)
		shared->contexts[i] = -1;
	return shared;
}

/* One of each kind of file that could be taken for a context or a socket. */
static int bystanders_open(struct shared *shared)
{
	int *fd = shared->bystanders;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	*fd++ = ends[0];
	*fd++ = ends[1];
	*fd++ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	*fd++ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	*fd++ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	*fd++ = memfd_create("fuzz", MFD_CLOEXEC);
	*fd++ = open(DEVICE_PATH, O_PATH | O_CLOEXEC);
	*fd++ = epoll_create1(EPOLL_CLOEXEC);
	*fd++ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	*fd++ = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int i = 0; i < BYSTANDERS; i++)
		if (shared->bystanders[i] < 0)
			return -errno;
	return 0;
}

int shared_open(struct shared *shared)
{
	struct ntimp_version version = { .size = sizeof(version) };
	struct stat st;
	int err;

	shared->dev = device_open();
	if (shared->dev < 0)
		return shared->dev;
	err = device_version(shared->dev, &version);
	if (!err)
		err = scratch_open(&shared->scratch);
	if (!err)
		err = files_make(&shared->scratch);
	if (!err && fstatat(shared->scratch.fd, known_files[ROOTS_FILE].name, &st, 0))
		err = -errno;
	if (!err)
		err = bystanders_open(shared);
	shared->features = version.features;
	shared->roots_file = st.st_ino;
	return err;
}

bool shared_time_is_over(const struct shared *shared)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return shared->ends_at && now.tv_sec >= shared->ends_at;
}

void shared_close(struct shared *shared)
{
	scratch_close(&shared->scratch);
	close_range(STDERR_FILENO + 1, ~0U, 0);
}

void client_learn(struct shared *shared, int64_t id, const struct identity *identity)
{
	struct client *client = &shared->clients[id % CLIENTS];

	client->id = 0;
	client->identity = *identity;
	client->id = id;
}

/* A later context may take the place at any time. */
bool client_known(struct shared *shared, int64_t id, struct identity *identity)
{
	struct client *client = &shared->clients[id % CLIENTS];

	if (!id || client->id != id)
		return false;
	*identity = client->identity;
	atomic_thread_fence(memory_order_acquire);
	return client->id == id;
}

struct seat *seat_of(struct shared *shared, pid_t tid)
{
	for (int i = 0; i < SEATS; i++)
		if (tid > 0 && shared->seats[i].tid == tid)
			return &shared->seats[i];
	return NULL;
}
