// SPDX-License-Identifier: GPL-2.0-only
/* Peers of sockets: which sockets have one, and who it is. */
#include "harness.h"
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "client.h"
#include "device.h"
#include "identity.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION

FIXTURE(capture_peer)
{
	int dev;
};

FIXTURE_SETUP(capture_peer)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
}

FIXTURE_TEARDOWN(capture_peer)
{
	close(self->dev);
}

TEST_F(capture_peer, no_descriptor)
{
	EXPECT_EQ(-EBADF, capture_peer(self->dev, -1, LEVEL));
	EXPECT_EQ(-EBADF, capture_peer(self->dev, 1000, LEVEL));
	EXPECT_EQ(-EBADF, capture_peer(self->dev, INT32_MAX, LEVEL));
	EXPECT_EQ(-EBADF, capture_peer(self->dev, INT32_MIN, LEVEL));
	EXPECT_EQ(-EBADF, capture_peer(self->dev, open("/", O_PATH), LEVEL));
}

TEST_F(capture_peer, not_a_socket)
{
	int ends[2];

	ASSERT_EQ(0, pipe(ends));
	EXPECT_EQ(-ENOTSOCK, capture_peer(self->dev, ends[0], LEVEL));
	EXPECT_EQ(-ENOTSOCK, capture_peer(self->dev, ends[1], LEVEL));
	EXPECT_EQ(-ENOTSOCK, capture_peer(self->dev, open("/", O_RDONLY), LEVEL));
	EXPECT_EQ(-ENOTSOCK, capture_peer(self->dev, self->dev, LEVEL));
	EXPECT_EQ(-ENOTSOCK, capture_peer(self->dev, capture_self(self->dev, LEVEL), LEVEL));
}

TEST_F(capture_peer, socket_of_another_family)
{
	const struct { int family, type; } sockets[] = {
		{ AF_INET, SOCK_STREAM },
		{ AF_INET, SOCK_DGRAM },
		{ AF_NETLINK, SOCK_RAW },
	};

	for (size_t i = 0; i < ARRAY_SIZE(sockets); i++) {
		int fd = socket(sockets[i].family, sockets[i].type, 0);

		ASSERT_LE(0, fd);
		EXPECT_EQ(-EOPNOTSUPP, capture_peer(self->dev, fd, LEVEL));
	}
}

TEST_F(capture_peer, connected_socket_of_another_family)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(address);
	int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);

	ASSERT_EQ(0, bind(server, (struct sockaddr *)&address, length));
	ASSERT_EQ(0, listen(server, 1));
	ASSERT_EQ(0, getsockname(server, (struct sockaddr *)&address, &length));
	ASSERT_EQ(0, connect(client, (struct sockaddr *)&address, length));
	EXPECT_EQ(-EOPNOTSUPP, capture_peer(self->dev, accept(server, NULL, NULL), LEVEL));
}

TEST_F(capture_peer, not_connected)
{
	const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
	const struct sockaddr_un any = { .sun_family = AF_UNIX };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		int fd = socket(AF_UNIX, types[i], 0);

		ASSERT_LE(0, fd);
		EXPECT_EQ(-ENOTCONN, capture_peer(self->dev, fd, LEVEL));
		ASSERT_EQ(0, bind(fd, (const struct sockaddr *)&any, sizeof(any.sun_family)));
		EXPECT_EQ(-ENOTCONN, capture_peer(self->dev, fd, LEVEL));
	}
}

/* A datagram socket may hear from anybody, so connecting it makes no peer. */
TEST_F(capture_peer, connected_datagram_socket)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t length = sizeof(address);
	int server = socket(AF_UNIX, SOCK_DGRAM, 0), client = socket(AF_UNIX, SOCK_DGRAM, 0);

	ASSERT_EQ(0, bind(server, (struct sockaddr *)&address, sizeof(address.sun_family)));
	ASSERT_EQ(0, getsockname(server, (struct sockaddr *)&address, &length));
	ASSERT_EQ(0, connect(client, (struct sockaddr *)&address, length));
	EXPECT_EQ(-ENOTCONN, capture_peer(self->dev, client, LEVEL));
}

static int make_pair(const struct child *parent, void *type)
{
	int ends[2];

	if (socketpair(AF_UNIX, *(int *)type, 0, ends))
		return -errno;
	child_send_fd(parent, ends[0]);
	child_send_fd(parent, ends[1]);
	return 0;
}

/* Whoever has an end now: the peer is who made the pair. */
TEST_F(capture_peer, pair_made_by_somebody_else)
{
	const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
	struct persona user = PERSONA_USER(1001);

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		struct child child;
		int type = types[i];

		ASSERT_EQ(0, child_start(&child, &user, make_pair, &type));
		EXPECT_TRUE(context_is_of(capture_peer(self->dev, child_receive_fd(&child), LEVEL),
					  1001, 1001));
		EXPECT_TRUE(context_is_of(capture_peer(self->dev, child_receive_fd(&child), LEVEL),
					  1001, 1001));
		EXPECT_EQ(0, child_finish(&child));
	}
}

static int listen_and_wait(const struct child *parent, void *listener)
{
	struct persona later = PERSONA_USER(1003);
	int err = listener_open(listener, SOCK_STREAM);

	if (!err)
		err = child_send_fd(parent, ((struct listener *)listener)->fd);
	/* What the server becomes afterwards is of no importance. */
	if (!err && child_receive(parent) >= 0)
		err = persona_take(&later);
	child_send(parent, err);
	return child_receive(parent);
}

/* For the client, the peer is who called listen(). */
TEST_F(capture_peer, seen_from_the_client)
{
	struct persona server = PERSONA_CAPS(1002, CAPS_SETIDS);
	struct listener *listener;
	struct identity seen;
	struct child child;
	int fd, ctx;

	listener = mmap(NULL, sizeof(*listener), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, listener);
	ASSERT_EQ(0, child_start(&child, &server, listen_and_wait, listener));
	listener->fd = child_receive_fd(&child);
	ASSERT_LE(0, listener->fd);
	fd = listener_connect(listener);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, child_send(&child, 0));
	ASSERT_EQ(0, child_receive(&child));

	ctx = capture_peer(self->dev, fd, LEVEL);
	ASSERT_EQ(0, context_identity(ctx, &seen));
	EXPECT_TRUE(identity_is(&seen, 1002, 1002, 0, NULL));
	EXPECT_EQ(CAPS_SETIDS, seen.permitted);

	/* And that of the listening socket itself. */
	ctx = capture_peer(self->dev, listener->fd, LEVEL);
	ASSERT_EQ(0, context_identity(ctx, &seen));
	EXPECT_TRUE(identity_is(&seen, 1002, 1002, 0, NULL));
	child_finish(&child);
}

static int connect_and_change(const struct child *server, void *listener)
{
	struct persona later = PERSONA_USER(1003);
	int fd = listener_connect(listener);
	int err = fd < 0 ? fd : persona_take(&later);

	child_send(server, err);
	return child_receive(server);
}

/* Pinned at connect, before the server accepts. */
TEST_F(capture_peer, client_that_changes_after_connecting)
{
	struct persona user = PERSONA_CAPS(1001, CAPS_SETIDS);
	struct listener listener;
	struct identity seen;
	struct child child;
	int conn;

	ASSERT_EQ(0, listener_open(&listener, SOCK_STREAM));
	ASSERT_EQ(0, child_start(&child, &user, connect_and_change, &listener));
	ASSERT_EQ(0, child_receive(&child));
	EXPECT_TRUE(is_seen_as(child.pid, 1003, 1003));
	conn = listener_accept(&listener);
	ASSERT_EQ(0, context_identity(capture_peer(self->dev, conn, LEVEL), &seen));
	EXPECT_TRUE(identity_is(&seen, 1001, 1001, 0, NULL));
	EXPECT_EQ(CAPS_SETIDS, seen.permitted);
	EXPECT_EQ(CAPS_SETIDS, seen.effective);
	child_finish(&child);
}

static int connect_and_end(void *listener)
{
	int fd = listener_connect(listener);

	return fd < 0 ? fd : 0;
}

TEST_F(capture_peer, client_that_has_ended)
{
	struct persona user = PERSONA_USER(1001);
	struct listener listener;
	int conn, ctx;

	ASSERT_EQ(0, listener_open(&listener, SOCK_SEQPACKET));
	ASSERT_EQ(0, child_run(&user, connect_and_end, &listener));
	conn = listener_accept(&listener);
	ASSERT_LE(0, conn);
	ctx = capture_peer(self->dev, conn, LEVEL);
	ASSERT_LE(0, ctx);
	/* Neither the process nor the socket is needed any more. */
	ASSERT_EQ(0, close(conn));
	ASSERT_EQ(0, context_impersonate(ctx));
	EXPECT_TRUE(acts_as(1001, 1001));
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_TRUE(context_is_of(ctx, 1001, 1001));
}

static int connect_and_hand_over(const struct child *parent, void *listener)
{
	return child_send_fd(parent, listener_connect(listener));
}

/* Who holds the client's end now is of no importance either. */
TEST_F(capture_peer, connection_handed_over_by_the_client)
{
	struct persona user = PERSONA_USER(1001);
	struct listener listener;
	struct child child;
	int conn;

	ASSERT_EQ(0, listener_open(&listener, SOCK_STREAM));
	ASSERT_EQ(0, child_start(&child, &user, connect_and_hand_over, &listener));
	ASSERT_LE(0, child_receive_fd(&child));
	conn = listener_accept(&listener);
	EXPECT_TRUE(context_is_of(capture_peer(self->dev, conn, LEVEL), 1001, 1001));
	child_finish(&child);
}

/* A server without any rights may ask too; the gate is asked at use. */
static int capture_by_nobody(void *arg)
{
	int dev = device_open();
	int ctx = capture_peer(dev, *(int *)arg, LEVEL);

	if (ctx < 0)
		return ctx;
	if (!context_is_of(ctx, 1001, 1001))
		return -EPROTO;
	return context_impersonate(ctx);
}

TEST_F(capture_peer, needs_no_rights)
{
	struct persona user = PERSONA_USER(1001), server = PERSONA_USER(1002);
	struct client client;

	ASSERT_EQ(0, client_start(&client, &user));
	EXPECT_EQ(-EPERM, child_run(&server, capture_by_nobody, &client.conn));
	EXPECT_EQ(0, child_run(&user, capture_by_nobody, &client.conn));
	client_finish(&client);
}

TEST_HARNESS_MAIN
