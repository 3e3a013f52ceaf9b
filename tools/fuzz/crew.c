// SPDX-License-Identifier: GPL-2.0-only
/* All workers, see crew.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crew.h"
#include "worker.h"

/**
 * struct post - one who looks after a seat
 * @shared: where the seat is
 * @seat: its number
 * @role: of those who sit there
 * @thread: that does so, if they are threads
 * @pid: the process that does so, if each of them is a process
 * @result: 0 or -errno
 */
struct post {
	struct shared *shared;
	unsigned int seat;
	const struct role *role;
	pthread_t thread;
	pid_t pid;
	int result;
};

static bool wants_another(const struct post *post)
{
	return !post->result && post->shared->seats[post->seat].calls_left &&
	       !shared_time_is_over(post->shared);
}

static void *work_in_thread(void *arg)
{
	struct post *post = arg;

	post->result = worker_run(post->shared, post->seat, post->role);
	return NULL;
}

static void *look_after_threads(void *arg)
{
	struct post *post = arg;
	pthread_t worker;

	while (wants_another(post)) {
		int err = pthread_create(&worker, NULL, work_in_thread, post);

		if (!err)
			pthread_join(worker, NULL);
		/* For as long as another thread is about to call exec(). */
		else if (err == EAGAIN)
			sched_yield();
		else
			post->result = -err;
	}
	return NULL;
}

/* A process which has its parent's table of descriptors, but not its threads. */
static pid_t fork_sharing_files(void)
{
	pid_t pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);

	return pid < 0 ? -errno : pid;
}

static int await_process(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -ECHILD;
}

static int look_after_processes(struct post *post)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (wants_another(post)) {
		pid_t pid = fork_sharing_files();

		if (!pid)
			_exit(-worker_run(post->shared, post->seat, post->role));
		post->result = pid < 0 ? pid : await_process(pid);
	}
	return post->result;
}

static int post_man(struct post *post)
{
	if (!post->role->user_ns)
		return -pthread_create(&post->thread, NULL, look_after_threads, post);
	post->pid = fork_sharing_files();
	if (!post->pid)
		_exit(-look_after_processes(post));
	return post->pid < 0 ? post->pid : 0;
}

static int post_relieve(struct post *post)
{
	if (post->role->user_ns)
		return await_process(post->pid);
	pthread_join(post->thread, NULL);
	return post->result;
}

/* Processes come first: whoever forks is still alone. */
static int crew_man(struct post *posts, unsigned int count, bool processes)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < count; i++)
		if (posts[i].role->user_ns == processes)
			err = post_man(&posts[i]);
	return err;
}

int crew_run(struct shared *shared)
{
	struct post posts[SEATS];
	int err;

	for (unsigned int i = 0; i < shared->nr_seats; i++)
		posts[i] = (struct post) {
			.shared = shared, .seat = i, .role = &roles[i % ROLES],
		};
	err = crew_man(posts, shared->nr_seats, true);
	if (!err)
		err = crew_man(posts, shared->nr_seats, false);
	/* A crew that is not complete is not waited for. */
	if (err)
		return err;
	for (unsigned int i = 0; i < shared->nr_seats; i++) {
		int result = post_relieve(&posts[i]);

		if (result)
			fprintf(stderr, "# seat %u (%s): %s\n", i, posts[i].role->name,
				strerrorname_np(-result) ?: "ended");
		err = err ?: result;
	}
	return err;
}
