// SPDX-License-Identifier: GPL-2.0-only
/*
 * The C++ header in a guest: root, the module loaded, TAP on stdout.
 */
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <thread>
#include <type_traits>

#include "ntimp.hpp"

static_assert(!std::is_copy_constructible_v<ntimp::context>);
static_assert(!std::is_copy_assignable_v<ntimp::context>);
static_assert(std::is_nothrow_move_constructible_v<ntimp::context>);
static_assert(std::is_nothrow_move_assignable_v<ntimp::context>);
static_assert(!std::is_convertible_v<int, ntimp::context>);
static_assert(!std::is_copy_constructible_v<ntimp::impersonation>);
static_assert(!std::is_move_constructible_v<ntimp::impersonation>);
static_assert(!std::is_move_assignable_v<ntimp::impersonation>);

constexpr uid_t client_id = 1001;

static int results, failures;

static void ok(bool good, const std::string &name)
{
	failures += !good;
	std::printf("%sok %d - %s\n", good ? "" : "not ", ++results, name.c_str());
	std::fflush(stdout);
}

static bool is(uid_t id)
{
	return geteuid() == id && getegid() == id;
}

/* The errno of what a call throws; 0: nothing. */
static int thrown(const std::function<void()> &call)
{
	try {
		call();
	} catch (const std::system_error &error) {
		return error.code().value();
	}
	return 0;
}

static ntimp::context client()
{
	return ntimp::context::of_ids(client_id, client_id);
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void owns_its_descriptor()
{
	ntimp::context one = client(), other = client();
	const int fd = one.fd(), other_fd = other.fd();

	ok(fcntl(fd, F_GETFD) == FD_CLOEXEC, "close on exec");
	ntimp::context moved(std::move(one));
	ok(moved.fd() == fd && one.fd() == -1 && !one, "moved");
	other = std::move(moved);
	ok(other.fd() == fd && !is_open(other_fd), "move assignment closes");
	ntimp::context &same = other;
	other = std::move(same);
	ok(other.fd() == fd && is_open(fd), "assigned to itself");
	{
		ntimp::context ends = other.duplicate();

		one = ntimp::context(ends.release());
	}
	ok(is_open(one.fd()), "released");
	other.reset();
	ok(!is_open(fd) && !other, "reset");
	ok(thrown([&] { other.begin(); }) == EBADF, "no context");
}

static void scope()
{
	const ntimp::context ctx = client();

	{
		ntimp::impersonation as(ctx);

		ok(is(client_id), "in the scope");
		ok(thrown([&] { ntimp::impersonation again(ctx); }) == EBUSY, "not nested");
		ok(is(client_id), "still in the scope");
		std::thread([] { ok(is(0), "another thread is not"); }).join();
	}
	ok(is(0), "after the scope");

	try {
		ntimp::impersonation as(ctx);

		throw std::runtime_error("in the scope");
	} catch (const std::runtime_error &) {
		ok(is(0), "an exception ends the scope");
	}
	ok(ctx.run([] { return geteuid(); }) == client_id && is(0), "run");
	int number = 1;
	ctx.run([&]() -> int & { return number; }) = 2;
	ok(number == 2, "run returns references");

	ctx.begin();
	ok(is(client_id), "begin");
	ntimp::revert();
	ok(is(0), "revert");
	ctx.revoke();
	ok(thrown([&] { ntimp::impersonation as(ctx); }) == EKEYREVOKED && is(0), "revoked");
}

static void threads()
{
	const ntimp::context ctx = client();
	const pid_t tid = static_cast<pid_t>(syscall(SYS_gettid));
	ntimp::info info;

	ok(!ntimp::query_thread(0, info), "nobody");
	{
		ntimp::impersonation as(ctx);

		ok(ntimp::query_thread(tid, info) && info.uid == client_id &&
		   info.id == ctx.query().id, "whom");
		ok(ctx.wearers() == std::vector<pid_t>{ tid }, "wearers");
	}
	ok(ctx.wearers().empty(), "no wearers");
	ok(ctx.explain().pass == NTIMP_EXPLAIN_RIGHT && ctx.explain().reason == NTIMP_REASON_NONE,
	   "explain");

	int line[2], seen[2] = {};
	pid_t other = 0;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, line))
		abort();
	std::thread thread([&] {
		char c = 0;

		other = static_cast<pid_t>(syscall(SYS_gettid));
		for (int &uid : seen) {
			if (write(line[1], &c, 1) != 1 || read(line[1], &c, 1) != 1)
				abort();
			uid = static_cast<int>(geteuid());
		}
		if (write(line[1], &c, 1) != 1)
			abort();
	});
	char c = 0;
	const auto next = [&] {
		if (write(line[0], &c, 1) != 1 || read(line[0], &c, 1) != 1)
			abort();
	};

	if (read(line[0], &c, 1) != 1)
		abort();
	ctx.begin_thread(other);
	next();
	ntimp::revert_thread(other);
	next();
	thread.join();
	ok(seen[0] == static_cast<int>(client_id) && seen[1] == 0, "another thread");
	ok(thrown([&] { ctx.begin_thread(0); }) == EINVAL, "no thread");
	ok(thrown([&] { ntimp::revert_thread(0x7fffffff); }) == ESRCH, "no such thread");
	ok(thrown([&] { (void)ntimp::query_thread(0x7fffffff, info); }) == ESRCH, "nobody to ask");
}

static void captures()
{
	const ntimp::qos low = { ntimp::level::identification, ntimp::tracking::snapshot, true, 0 };
	std::vector<gid_t> groups;

	for (gid_t group = 3000; group < 3100; group++)
		groups.push_back(group);
	ok(ntimp::context::of_self().query().source == NTIMP_SOURCE_SELF, "self");
	ok(ntimp::context::of_thread(getpid()).query().source == NTIMP_SOURCE_THREAD, "thread");
	const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0));
	ok(ntimp::context::of_pidfd(pidfd).query().source == NTIMP_SOURCE_THREAD, "pidfd");
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		abort();
	ok(ntimp::context::of_peer(ends[0]).query().source == NTIMP_SOURCE_PEER, "peer");
	ok(ntimp::context::of_ids(1, 2, groups).query().groups == groups, "many groups");
	ok(ntimp::context::of_user("alice").query().groups == std::vector<gid_t>{ 1001, 2000 },
	   "user");
	ok(ntimp::context::anonymous().query().uid == 65534, "anonymous");
	ok(thrown([] { (void)ntimp::context::of_peer(0); }) == ENOTSOCK, "not a socket");
	ok(thrown([] { (void)ntimp::context::of_user("nonsense"); }) == ENOENT, "no such user");

	const ntimp::context ctx = client().duplicate(low);
	const ntimp::info info = ctx.query();
	ok(info.qos.level == NTIMP_LEVEL_IDENTIFICATION && info.qos.effective_only == 1, "quality");
	ok(ctx.begin_downgraded() == ntimp::level::identification, "downgraded");
	ntimp::revert();
	ok(thrown([&] { (void)ctx.duplicate(); }) == EPERM, "no way up");
	ok(thrown([&] { ctx.update(); }) == EINVAL, "update of a static one");
	ok(thrown([&] { (void)ctx.uring_personality(ends[0]); }) == EOPNOTSUPP, "not a ring");
	ctx.expire(std::chrono::hours(1));
	ok(ctx.query().lifetime > 0 && ctx.query().flags == 0, "will expire");
	ctx.expire(std::chrono::seconds(-1));
	ok(ctx.query().flags == NTIMP_INFO_EXPIRED, "expired");
}

static void files()
{
	const ntimp::context ctx = client();
	char path[] = "/tmp/cpp.XXXXXX";
	struct stat st;

	if (!mkdtemp(path) || chmod(path, 0777))
		abort();
	const int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	close(openat(dir, "server", O_CREAT | O_WRONLY, 0600));
	const int fd = ctx.openat(dir, "client", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	ok(!fstat(fd, &st) && st.st_uid == client_id, "openat");
	ok(ctx.access(dir, "client", R_OK) && !ctx.access(dir, "server", R_OK), "access");
	ok(thrown([&] { (void)ctx.access(dir, "nothing", R_OK); }) == ENOENT, "access: none");
	ok(thrown([&] { (void)ctx.openat(dir, "server", O_RDONLY); }) == EACCES, "openat: denied");
	ctx.mkdirat(dir, "one", 0700);
	ctx.renameat(dir, "one", "two");
	ctx.unlinkat(dir, "two", AT_REMOVEDIR);
	ctx.fchmodat(dir, "client", 0400);
	ok(!fstat(fd, &st) && (st.st_mode & 07777) == 0400, "fchmodat");
	ctx.unlinkat(dir, "client");
	ok(thrown([&] { ctx.fchmodat(dir, "server", 0777); }) == EPERM, "fchmodat: denied");
}

int main()
{
	owns_its_descriptor();
	scope();
	threads();
	captures();
	files();
	ok(is(0), "itself at the end");
	std::printf("1..%d\n", results);
	return failures ? 1 : 0;
}
