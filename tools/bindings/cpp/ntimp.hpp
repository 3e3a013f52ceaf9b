/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * libntimp for C++17: contexts that own their descriptor, a scope in which the thread
 * is the client, and exceptions.
 *
 *	ntimp::context client = ntimp::context::of_peer(socket);
 *	{
 *		ntimp::impersonation as(client);
 *		std::ifstream file(path);	// with exactly the client's rights
 *	}
 *
 * What fails throws std::system_error with the errno, of which std::errc has the
 * names; what each function does is said in ntimp.h.
 */
#ifndef NTIMP_HPP
#define NTIMP_HPP

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include <ntimp.h>

namespace ntimp {

enum class level : std::uint32_t {
	anonymous	= NTIMP_LEVEL_ANONYMOUS,
	identification	= NTIMP_LEVEL_IDENTIFICATION,
	impersonation	= NTIMP_LEVEL_IMPERSONATION,
	delegation	= NTIMP_LEVEL_DELEGATION,
};

enum class tracking : std::uint8_t {
	snapshot	= NTIMP_TRACKING_STATIC,
	dynamic		= NTIMP_TRACKING_DYNAMIC,
};

/* What the holder of a context may do; flags are NTIMP_QOS_*. */
struct qos {
	ntimp::level level = ntimp::level::impersonation;
	ntimp::tracking tracking = ntimp::tracking::snapshot;
	bool effective_only = false;
	std::uint16_t flags = 0;

	::ntimp_qos raw() const
	{
		return { static_cast<std::uint32_t>(level), static_cast<std::uint8_t>(tracking),
			 effective_only, flags };
	}
};

/* Who a client is: the members of struct ntimp_info, and the groups. */
struct info : ::ntimp_info {
	std::vector<gid_t> groups;
};

namespace detail {

[[noreturn]] inline void fail(const char *function)
{
	throw std::system_error(errno, std::generic_category(), function);
}

inline int checked(int result, const char *function)
{
	if (result < 0)
		fail(function);
	return result;
}

/* Ask with more room until all groups fit: a dynamic client may get more meanwhile. */
template <typename Query>
bool query(Query ask, info &answer)
{
	answer.groups.resize(64);
	for (;;) {
		::ntimp_info &raw = answer;

		raw.groups = reinterpret_cast<std::uintptr_t>(answer.groups.data());
		raw.ngroups = static_cast<std::uint32_t>(answer.groups.size());
		int result = ask(&raw);

		if (result && (errno != ERANGE || raw.ngroups <= answer.groups.size()))
			return false;
		answer.groups.resize(raw.ngroups);
		raw.groups = 0;
		if (!result)
			return true;
	}
}

} /* namespace detail */

/* A client, and how far the server may go in its name: owns a descriptor. */
class context {
public:
	/* Takes over a descriptor, as received over a socket. */
	explicit context(int fd) noexcept : fd_(fd) {}
	context(context &&other) noexcept : fd_(other.release()) {}
	context(const context &) = delete;
	~context() { reset(); }

	context &operator=(context &&other) noexcept
	{
		if (this != &other) {
			reset();
			fd_ = other.release();
		}
		return *this;
	}
	context &operator=(const context &) = delete;

	static context of_self(const ntimp::qos &qos = {})
	{
		const ::ntimp_qos raw = qos.raw();

		return made(::ntimp_capture_self(&raw), "ntimp_capture_self");
	}
	static context of_thread(pid_t tid, const ntimp::qos &qos = {})
	{
		const ::ntimp_qos raw = qos.raw();

		return made(::ntimp_capture_thread(tid, &raw), "ntimp_capture_thread");
	}
	static context of_pidfd(int pidfd, const ntimp::qos &qos = {})
	{
		const ::ntimp_qos raw = qos.raw();

		return made(::ntimp_capture_pidfd(pidfd, &raw), "ntimp_capture_pidfd");
	}
	static context of_peer(int socket, const ntimp::qos &qos = {})
	{
		const ::ntimp_qos raw = qos.raw();

		return made(::ntimp_capture_peer(socket, &raw), "ntimp_capture_peer");
	}
	static context of_ids(uid_t uid, gid_t gid, const std::vector<gid_t> &groups = {},
			      const ntimp::qos &qos = {})
	{
		const ::ntimp_qos raw = qos.raw();

		return made(::ntimp_capture_ids(uid, gid, groups.size(), groups.data(), &raw),
			    "ntimp_capture_ids");
	}
	static context of_user(const std::string &name, const ntimp::qos &qos = {})
	{
		const ::ntimp_qos raw = qos.raw();

		return made(::ntimp_capture_user(name.c_str(), &raw), "ntimp_capture_user");
	}
	static context anonymous()
	{
		return made(::ntimp_capture_anonymous(), "ntimp_capture_anonymous");
	}

	/* -1 if there is none, any more. */
	int fd() const noexcept { return fd_; }
	explicit operator bool() const noexcept { return fd_ >= 0; }
	/* Gives the descriptor away. */
	[[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
	void reset() noexcept
	{
		const int saved = errno;

		if (fd_ >= 0)
			::close(release());
		errno = saved;
	}

	context duplicate(const ntimp::qos &qos = {}) const
	{
		const ::ntimp_qos raw = qos.raw();

		return made(::ntimp_duplicate(fd_, &raw), "ntimp_duplicate");
	}
	ntimp::info query() const
	{
		ntimp::info answer = {};

		if (!detail::query([this](::ntimp_info *raw) { return ::ntimp_query(fd_, raw); },
				   answer))
			detail::fail("ntimp_query");
		return answer;
	}
	void update() const { detail::checked(::ntimp_update(fd_), "ntimp_update"); }
	void revoke(unsigned int flags = 0) const
	{
		detail::checked(::ntimp_revoke(fd_, flags), "ntimp_revoke");
	}
	/* No longer than for so long; what has passed already counts as now. */
	void expire(std::chrono::nanoseconds lifetime) const
	{
		const std::uint64_t ns = lifetime.count() < 0 ? 0 : static_cast<std::uint64_t>(
			lifetime.count());

		detail::checked(::ntimp_expire(fd_, ns), "ntimp_expire");
	}
	/* Would a thread (0: the caller) be let act as the client, and why (not)? */
	[[nodiscard]] struct ::ntimp_explain explain(pid_t tid = 0) const
	{
		struct ::ntimp_explain answer;

		detail::checked(::ntimp_explain(fd_, tid, &answer), "ntimp_explain");
		return answer;
	}
	std::vector<pid_t> wearers() const
	{
		std::vector<pid_t> tids(16);

		for (;;) {
			std::size_t count = tids.size();
			int result = ::ntimp_wearers(fd_, tids.data(), &count);

			if (result && (errno != ERANGE || count <= tids.size()))
				detail::fail("ntimp_wearers");
			tids.resize(result ? count + 16 : count);
			if (!result)
				return tids;
		}
	}

	/* From now on, until ntimp::revert(); prefer an impersonation. */
	void begin() const { detail::checked(::ntimp_impersonate(fd_), "ntimp_impersonate"); }
	[[nodiscard]] ntimp::level begin_downgraded() const
	{
		return static_cast<ntimp::level>(detail::checked(
			::ntimp_impersonate_downgraded(fd_), "ntimp_impersonate_downgraded"));
	}
	void begin_thread(pid_t tid) const
	{
		detail::checked(::ntimp_impersonate_thread(fd_, tid), "ntimp_impersonate_thread");
	}
	/* What a function returns that is called as the client. */
	template <typename Function>
	decltype(auto) run(Function &&function) const;

	[[nodiscard]] int uring_personality(int ring) const
	{
		return detail::checked(::ntimp_uring_personality(ring, fd_),
				       "ntimp_uring_personality");
	}

	/* A file operation as the client, without becoming it. */
	[[nodiscard]] int openat(int dirfd, const std::string &path, int flags, mode_t mode = 0) const
	{
		return detail::checked(::ntimp_openat(fd_, dirfd, path.c_str(), flags, mode),
				       "ntimp_openat");
	}
	/* False: EACCES, the client would not be allowed; what else fails is thrown. */
	[[nodiscard]] bool access(int dirfd, const std::string &path, int mode, int flags = 0) const
	{
		const int result = ::ntimp_access(fd_, dirfd, path.c_str(), mode, flags);

		if (result && errno != EACCES)
			detail::fail("ntimp_access");
		return !result;
	}
	void mkdirat(int dirfd, const std::string &path, mode_t mode) const
	{
		detail::checked(::ntimp_mkdirat(fd_, dirfd, path.c_str(), mode), "ntimp_mkdirat");
	}
	void unlinkat(int dirfd, const std::string &path, int flags = 0) const
	{
		detail::checked(::ntimp_unlinkat(fd_, dirfd, path.c_str(), flags), "ntimp_unlinkat");
	}
	void renameat(int dirfd, const std::string &path, const std::string &new_path,
		      unsigned int flags = 0) const
	{
		detail::checked(::ntimp_renameat(fd_, dirfd, path.c_str(), new_path.c_str(), flags),
				"ntimp_renameat");
	}
	void fchmodat(int dirfd, const std::string &path, mode_t mode) const
	{
		detail::checked(::ntimp_fchmodat(fd_, dirfd, path.c_str(), mode), "ntimp_fchmodat");
	}

private:
	static context made(int fd, const char *function)
	{
		return context(detail::checked(fd, function));
	}

	int fd_;
};

/*
 * The thread is the client as long as this lives.  It stays in the scope and thread that
 * it was made in: not to be copied, moved or allocated.  A second one in the thread
 * fails with EBUSY.
 */
class [[nodiscard]] impersonation {
public:
	explicit impersonation(const context &client) : scope_{ ::ntimp_scope_begin(client.fd()), 0 }
	{
		if (!scope_.entered)
			detail::fail("ntimp_impersonate");
	}
	impersonation(const impersonation &) = delete;
	impersonation &operator=(const impersonation &) = delete;
	~impersonation() { ::ntimp_scope_end(&scope_); }

	static void *operator new(std::size_t) = delete;
	static void *operator new[](std::size_t) = delete;

private:
	::ntimp_scope scope_;
};

template <typename Function>
decltype(auto) context::run(Function &&function) const
{
	impersonation as(*this);

	return std::forward<Function>(function)();
}

/* The calling thread is itself again; not an error if it was. */
inline void revert()
{
	detail::checked(::ntimp_revert(), "ntimp_revert");
}

inline void revert_thread(pid_t tid)
{
	detail::checked(::ntimp_revert_thread(tid), "ntimp_revert_thread");
}

/* Whom a thread (0: the caller) impersonates; false: nobody. */
[[nodiscard]] inline bool query_thread(pid_t tid, info &answer)
{
	if (detail::query([tid](::ntimp_info *raw) { return ::ntimp_query_thread(tid, raw); },
			  answer))
		return true;
	if (errno != ENOENT)
		detail::fail("ntimp_query_thread");
	return false;
}

} /* namespace ntimp */

#endif /* NTIMP_HPP */
