// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unknown identity: threads of mixed privileges, which share the device and
 * contexts, make random calls, and none of them ever acts as somebody whom it
 * may not act as.  For a guest, as root.
 */
#define _GNU_SOURCE
#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "crew.h"
#include "kinds.h"
#include "module.h"
#include "role.h"
#include "setting.h"
#include "slab.h"

static const char usage[] =
	"Usage: ntimp-fuzz [OPTIONS]\n"
	"\n"
	"Make random calls to a loaded ntimp module and check that every thread is who\n"
	"it has to be.  Needs root, in a machine that is to be thrown away.\n"
	"\n"
	"  --calls N      this many, all threads taken together (default 1000000)\n"
	"  --threads N    threads of different privileges (default 8)\n"
	"  --seed S       for the same calls again, as far as each thread's go\n"
	"                 (default: another one each time, which is printed)\n"
	"  --seconds N    but no longer than this (default: no limit)\n"
	"  --version      print the version\n"
	"\n"
	"Prints how often each kind of call was made and how it ended, and one line for\n"
	"each thing that has to hold; the last line is \"N passed, N failed\".  Exit\n"
	"status: 0 if all hold.\n";

/**
 * struct options - what is asked for
 * @calls: number of calls
 * @threads: number of seats
 * @seed: of all generators
 * @seconds: time, or 0
 */
struct options {
	unsigned long calls;
	unsigned long threads;
	unsigned long seed;
	unsigned long seconds;
};

static unsigned long parse_number(const char *text, const char *what, unsigned long max)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	if (!*text || *end || *text == '-' || value > max)
		errx(2, "%s takes a number up to %lu, not '%s'", what, max, text);
	return value;
}

static void parse(int argc, char **argv, struct options *options)
{
	static const struct option known[] = {
		{ "calls", required_argument, NULL, 'c' },
		{ "threads", required_argument, NULL, 't' },
		{ "seed", required_argument, NULL, 's' },
		{ "seconds", required_argument, NULL, 'S' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{}
	};
	int option;

	while ((option = getopt_long(argc, argv, "hV", known, NULL)) != -1) {
		switch (option) {
		case 'c':
			options->calls = parse_number(optarg, "--calls", 1000000000);
			break;
		case 't':
			options->threads = parse_number(optarg, "--threads", SEATS);
			break;
		case 's':
			options->seed = parse_number(optarg, "--seed", -1);
			break;
		case 'S':
			options->seconds = parse_number(optarg, "--seconds", 1000000);
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		case 'V':
			puts("ntimp-fuzz (ntimp) " VERSION);
			exit(0);
		default:
			errx(2, "see ntimp-fuzz --help");
		}
	}
	if (optind < argc || !options->threads)
		errx(2, "see ntimp-fuzz --help");
}

static unsigned int passed, failed;

static void verdict(bool good, const char *what)
{
	*(good ? &passed : &failed) += 1;
	printf("%sok %u - %s\n", good ? "" : "not ", passed + failed, what);
	fflush(stdout);
}

static struct shared *prepare(const struct options *options)
{
	struct shared *shared = shared_create();
	struct timespec now;
	int error;

	if (!shared)
		err(1, "no memory");
	/* Newer kernels have a switch, which may be off in a distribution. */
	setting_write("/proc/sys/kernel/io_uring_disabled", "0");
	error = shared_open(shared);
	if (error)
		errx(1, "cannot begin: %s: is the module loaded, and are you root?",
		     strerrorname_np(-error));
	/* Where paths without a beginning lead. */
	if (chdir(shared->scratch.path))
		err(1, "%s", shared->scratch.path);
	shared->nr_seats = options->threads;
	for (unsigned int i = 0; i < shared->nr_seats; i++) {
		struct seat *seat = &shared->seats[i];

		prng_seed(&seat->prng, options->seed, i);
		seat->calls_left = options->calls / shared->nr_seats +
				   (i < options->calls % shared->nr_seats);
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (options->seconds)
		shared->ends_at = now.tv_sec + options->seconds;
	return shared;
}

static void report(const struct shared *shared, unsigned long calls_asked_for)
{
	unsigned long calls = 0, checks = 0, strict = 0, violations = 0, workers = 0, ended = 0;
	static struct tally sum;

	for (unsigned int i = 0; i < shared->nr_seats; i++) {
		const struct seat *seat = &shared->seats[i];

		tally_add(&sum, &seat->tally);
		calls += seat->calls;
		checks += seat->checks;
		strict += seat->strict;
		violations += seat->violations;
		workers += seat->workers;
		ended += seat->ended_wearing;
		printf("# seat %u, %s: %lu calls\n", i, roles[i % ROLES].name, seat->calls);
	}
	for (unsigned int kind = 0; kind < kinds_count(); kind++)
		tally_print(&sum, kind, kind_at(kind)->name);
	printf("# %lu calls, %lu checks, in %lu of them knowing who is to be seen\n", calls,
	       checks, strict);
	printf("# %lu threads, of which %lu ended while they impersonated\n", workers, ended);
	verdict(calls == calls_asked_for || shared->ends_at, "all calls were made");
	verdict(!violations, "every thread was who it had to be");
}

int main(int argc, char **argv)
{
	struct options options = { .calls = 1000000, .threads = 8 };
	struct slab_census before;
	struct timespec begin, end;
	struct shared *shared;

	if (getrandom(&options.seed, sizeof(options.seed), 0) < 0)
		err(1, "getrandom");
	options.seed >>= 32;
	parse(argc, argv, &options);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("# seed %lu\n", options.seed);
	fflush(stdout);

	shared = prepare(&options);
	if (slab_count(&before))
		errx(1, "kernel objects can't be counted");
	clock_gettime(CLOCK_MONOTONIC, &begin);
	verdict(!crew_run(shared), "all threads began and ended");
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("# %ld seconds\n", (long)(end.tv_sec - begin.tv_sec));

	report(shared, options.calls);
	if (chdir("/"))
		warn("/");
	shared_close(shared);
	verdict(!module_await_uses(0), "nothing holds the module");
	verdict(!module_unload(), "the module can be unloaded");
	verdict(!slab_await(&before), "no credentials, keys and tasks are left");
	verdict(!module_load(""), "and loaded again");
	printf("%u passed, %u failed\n", passed, failed);
	return failed ? 1 : 0;
}
