// SPDX-License-Identifier: GPL-2.0-only
/* Functions that ntimp-migrating(7) shows do what it says. */
#include "harness.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "actor.h"
#include "child.h"
#include "client.h"
#include "device.h"
#include "identity.h"
#include "library.h"

#include "shown.h"

#define ALICE	1001
#define BOB	1002

static const struct ntimp_qos delegation = { .level = NTIMP_LEVEL_DELEGATION };
static const struct ntimp_qos impersonation = { .level = NTIMP_LEVEL_IMPERSONATION };

/* For set_credentials(): a cache of one. */
static struct {
	uid_t uid;
	int ctx;
} cache = { 0, -1 };

int cached_context(const struct creds *creds)
{
	return creds->uid == cache.uid ? cache.ctx : -1;
}

void cache_context(const struct creds *creds, int ctx)
{
	cache.uid = creds->uid;
	cache.ctx = ctx;
}

FIXTURE(lib_shown)
{
	int alice;
	int bob;
};

FIXTURE_SETUP(lib_shown)
{
	self->alice = ntimp_capture_ids(ALICE, ALICE, 0, NULL, NULL);
	ASSERT_LE(0, self->alice);
	self->bob = ntimp_capture_ids(BOB, BOB, 0, NULL, NULL);
	ASSERT_LE(0, self->bob);
}

FIXTURE_TEARDOWN(lib_shown)
{
	EXPECT_EQ(0, ntimp_revert());
	close(self->bob);
	close(self->alice);
}

TEST_F(lib_shown, stack_of_clients)
{
	ASSERT_EQ(0, push_client(self->alice));
	EXPECT_TRUE(acts_as(ALICE, ALICE));
	ASSERT_EQ(0, push_client(self->bob));
	EXPECT_TRUE(acts_as(BOB, BOB));
	EXPECT_EQ(-1, push_client(-1));
	EXPECT_TRUE(acts_as(BOB, BOB));
	pop_client();
	EXPECT_TRUE(acts_as(ALICE, ALICE));
	pop_client();
	EXPECT_TRUE(acts_as(0, 0));
}

TEST_F(lib_shown, clients_one_after_the_other)
{
	struct creds creds = { .uid = ALICE, .gid = ALICE };

	ASSERT_EQ(0, set_credentials(&creds));
	EXPECT_TRUE(acts_as(ALICE, ALICE));
	creds.uid = BOB;
	ASSERT_EQ(0, set_credentials(&creds));
	EXPECT_TRUE(acts_as(BOB, ALICE));
	EXPECT_EQ(cache.ctx, cached_context(&creds));
	ASSERT_EQ(0, set_credentials(&creds));
	EXPECT_TRUE(acts_as(BOB, ALICE));
}

TEST_F(lib_shown, context_of_a_thread)
{
	struct ntimp_info info = {};
	int ctx;

	EXPECT_EQ(-ENOENT, result(context_of_thread(NTIMP_LEVEL_IMPERSONATION)));
	ASSERT_EQ(0, ntimp_impersonate(self->alice));
	ctx = context_of_thread(NTIMP_LEVEL_IDENTIFICATION);
	ASSERT_LE(0, ctx);
	ASSERT_EQ(0, ntimp_query(ctx, &info));
	EXPECT_EQ(ALICE, info.uid);
	EXPECT_EQ(NTIMP_LEVEL_IDENTIFICATION, info.qos.level);
	EXPECT_EQ(-EPERM, result(context_of_thread(NTIMP_LEVEL_DELEGATION)));
}

TEST_F(lib_shown, lent_to_the_own_thread)
{
	ASSERT_EQ(0, lend(thread_id(), self->alice));
	EXPECT_TRUE(acts_as(ALICE, ALICE));
	ASSERT_EQ(0, lend(thread_id(), -1));
	EXPECT_TRUE(acts_as(0, 0));
}

static int connect_and_wait(const struct child *parent, void *arg)
{
	int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (sock < 0 || connect_without_keys(sock, arg))
		return -errno;
	/* A client that is itself again says so. */
	if (!acts_as(ALICE, ALICE) || child_send(parent, 0))
		return -EPROTO;
	return child_receive(parent);
}

TEST_F(lib_shown, nobody_gets_the_keys)
{
	struct persona alice = PERSONA_USER(ALICE);
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/tmp/shown" };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), conn, ctx;
	struct child child;

	unlink(address.sun_path);
	ASSERT_EQ(0, bind(listener, (struct sockaddr *)&address, sizeof(address)));
	ASSERT_EQ(0, chmod(address.sun_path, 0666));
	ASSERT_EQ(0, listen(listener, 1));
	ASSERT_EQ(0, child_start(&child, &alice, connect_and_wait, &address));
	conn = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	ASSERT_LE(0, conn);
	EXPECT_EQ(0, child_receive(&child));
	EXPECT_EQ(-EPERM, result(ntimp_capture_peer(conn, &delegation)));
	ctx = ntimp_capture_peer(conn, &impersonation);
	ASSERT_LE(0, ctx);
	ASSERT_EQ(0, ntimp_impersonate(ctx));
	EXPECT_TRUE(acts_as(ALICE, ALICE));
	ASSERT_EQ(0, ntimp_revert());
	EXPECT_EQ(0, child_send(&child, 0));
	EXPECT_EQ(0, child_finish(&child));
	close(ctx);
	close(conn);
	close(listener);
	unlink(address.sun_path);
}

static int send_name_as(void *sock)
{
	return result(send_my_name(*(int *)sock));
}

static int receive_name(int sock)
{
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} rights;
	char byte;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &rights,
		.msg_controllen = sizeof(rights),
	};
	int fd = -EPIPE;

	if (recvmsg(sock, &message, MSG_CMSG_CLOEXEC) == 1 && CMSG_FIRSTHDR(&message))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

TEST_F(lib_shown, a_name_and_no_more)
{
	struct persona alice = PERSONA_USER(ALICE);
	struct ntimp_info info = {};
	int pair[2], ctx;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	ASSERT_EQ(0, child_run(&alice, send_name_as, &pair[1]));
	ctx = receive_name(pair[0]);
	ASSERT_LE(0, ctx);
	ASSERT_EQ(0, ntimp_query(ctx, &info));
	EXPECT_EQ(ALICE, info.uid);
	EXPECT_EQ(-EPERM, result(ntimp_duplicate(ctx, &impersonation)));
	ASSERT_EQ(0, ntimp_impersonate(ctx));
	EXPECT_EQ(-EACCES, result(open("/", O_RDONLY | O_CLOEXEC)));
	ASSERT_EQ(0, ntimp_revert());
	close(ctx);
	close(pair[0]);
	close(pair[1]);
}

TEST_F(lib_shown, file_for_the_peer)
{
	struct persona alice = PERSONA_USER(ALICE);
	struct client client;
	int fd;

	ASSERT_EQ(0, chdir("/tmp"));
	fd = open("report.txt", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, client_start(&client, &alice));
	EXPECT_EQ(-EACCES, result(open_report(client.conn)));
	ASSERT_EQ(0, fchown(fd, ALICE, ALICE));
	close(fd);
	fd = open_report(client.conn);
	EXPECT_LE(0, fd);
	EXPECT_TRUE(acts_as(0, 0));
	close(fd);
	EXPECT_EQ(0, client_finish(&client));
	EXPECT_EQ(0, unlink("report.txt"));
}

TEST_HARNESS_MAIN
