// SPDX-License-Identifier: MIT
/*
 * fileclient: ask fileserver for files.  The server finds out by itself who
 * asks.
 */
#define _GNU_SOURCE
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure.h"
#include "json.h"
#include "number.h"
#include "protocol.h"

/* Exit status */
enum {
	STATUS_REFUSED = 1,	/* the server answered with an error */
	STATUS_USAGE = 2,
	STATUS_FAILED = 3,	/* no answer, or the local file is at fault */
	STATUS_DIFFERENT = 4,	/* --repeat: not the same answer as before */
};

/* What a command takes after its name. */
static const struct command {
	const char *name;
	uint32_t operation;
	bool path_needed;
	bool file_possible;
	bool json_possible;
} commands[] = {
	{ "get", OP_GET, true, true, false },
	{ "put", OP_PUT, true, true, false },
	{ "list", OP_LIST, false, false, true },
	{ "stat", OP_STAT, true, false, true },
	{ "mkdir", OP_MKDIR, true, false, false },
	{ "unlink", OP_UNLINK, true, false, false },
	{ "whoami", OP_WHOAMI, false, false, true },
};

static struct {
	const char *socket;
	unsigned long repeat;
	bool json;
	const struct command *command;
	const char *path;
	const char *file;
} options = {
	.socket = DEFAULT_SOCKET,
	.repeat = 1,
};

/* What --repeat compares. */
struct result {
	int error;
	uint64_t size;
	uint64_t hash;
};

static const struct command *find_command(const char *name, struct argp_state *state)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	argp_error(state, "there is no command '%s'", name);
	return NULL;
}

static void check_arguments(struct argp_state *state)
{
	const struct command *command = options.command;

	if (!command)
		argp_error(state, "a command is needed");
	else if (command->path_needed && !options.path)
		argp_error(state, "%s needs a path", command->name);
	else if (options.path && command->operation == OP_WHOAMI)
		argp_error(state, "whoami takes no path");
	else if (options.file && !command->file_possible)
		argp_error(state, "unexpected argument '%s'", options.file);
	else if (options.json && !command->json_possible)
		argp_error(state, "--json goes with list, stat and whoami");
	else if (options.path && (!*options.path || strlen(options.path) > PATH_LIMIT))
		argp_error(state, "a path has 1 to %d bytes", PATH_LIMIT);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 's':
		options.socket = arg;
		return 0;
	case 'n':
		options.repeat = number_of(arg, ULONG_MAX);
		if (!options.repeat)
			argp_error(state, "'%s' is not a positive number", arg);
		return 0;
	case 'j':
		options.json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num == 0)
			options.command = find_command(arg, state);
		else if (state->arg_num == 1)
			options.path = arg;
		else if (state->arg_num == 2)
			options.file = arg;
		else
			argp_error(state, "unexpected argument '%s'", arg);
		return 0;
	case ARGP_KEY_END:
		check_arguments(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_table[] = {
	{ "socket", 's', "PATH", 0, "where the server is, " DEFAULT_SOCKET " if not given", 0 },
	{ "json", 'j', NULL, 0, "print JSON: of list, stat and whoami", 0 },
	{ "repeat", 'n', "N", 0, "send the request N times; all answers must be the same", 0 },
	{ 0 }
};

static const struct argp argp = {
	.options = option_table,
	.parser = parse_option,
	.args_doc = "get PATH [FILE]\nput PATH [FILE]\nlist [PATH]\nstat PATH\nmkdir PATH\n"
		    "unlink PATH\nwhoami",
	.doc = "Ask fileserver for files.  PATH is relative to the served directory; FILE is local "
	       "(stdin or stdout if not given).\vstat prints type, mode, user, group, size and "
	       "time of change.\n\nExit status: 0 done, 1 refused by the server, 2 wrong usage, "
	       "3 no answer or trouble with FILE, 4 answers differ (--repeat).",
};

const char *argp_program_version = "fileclient (ntimp) " VERSION;

/* What to do about them. */
static const char look_at_file[] =
	"look at its modes, and those of the directories above it, and for room";
static const char look_at_server[] = "look at what fileserver said, with --verbose; try again";
static const char look_for_room[] = "look for room in /tmp, and for memory";

static void write_all(int file, const char *bytes, size_t size, const char *name)
{
	ssize_t written;

	for (; size; bytes += written, size -= (size_t)written) {
		written = write(file, bytes, size);
		if (written < 0)
			fail(STATUS_FAILED, look_at_file, "cannot write %s", name);
	}
}

/* The protocol wants the length first, so a pipe is copied to a file. */
static int spool(int input)
{
	FILE *copy = tmpfile();
	char buffer[65536];
	ssize_t got;

	if (!copy)
		fail(STATUS_FAILED, look_for_room, "cannot make a temporary file");
	while ((got = read(input, buffer, sizeof(buffer))) > 0)
		write_all(fileno(copy), buffer, (size_t)got, "the temporary file");
	if (got < 0)
		fail(STATUS_FAILED, look_at_file, "cannot read the input");
	return fileno(copy);
}

/* The local file of a put, from which can be read again and again. */
static int open_source(uint64_t *size)
{
	int source = STDIN_FILENO;
	struct stat st;

	if (options.file) {
		source = open(options.file, O_RDONLY | O_CLOEXEC);
		if (source < 0)
			fail(STATUS_FAILED, look_at_file, "cannot read %s", options.file);
	}
	if (fstat(source, &st))
		fail(STATUS_FAILED, look_at_file, "cannot read the input");
	if (!S_ISREG(st.st_mode)) {
		source = spool(source);
		if (fstat(source, &st))
			fail(STATUS_FAILED, look_for_room, "cannot read the temporary file");
	}
	*size = (uint64_t)st.st_size;
	return source;
}

static void send_source(int server, int source, uint64_t size)
{
	char buffer[65536];
	uint64_t at = 0;
	ssize_t got;

	while (at < size) {
		got = pread(source, buffer, size - at < sizeof(buffer) ? size - at : sizeof(buffer),
			    (off_t)at);
		if (got <= 0)
			errx(STATUS_FAILED, "the input became shorter while it was sent\n"
			     "  -> send a copy that nobody writes to");
		if (send_all(server, buffer, (size_t)got))
			fail(STATUS_FAILED, look_at_server, "the server hung up");
		at += (uint64_t)got;
	}
}

/* Names of a listing end with NUL on the wire, and with a newline on the screen. */
static void show(char *bytes, size_t size, int output)
{
	size_t i;

	if (options.command->operation == OP_LIST) {
		for (i = 0; i < size; i++)
			if (!bytes[i])
				bytes[i] = '\n';
	}
	write_all(output, bytes, size, options.file ? options.file : "stdout");
}

/* The whole of a body, which is text, as JSON. */
static void show_json(const char *body, size_t size)
{
	if (json_print(stdout, options.command->operation, body, size))
		errx(STATUS_FAILED, "no proper answer from the server\n  -> %s", look_at_server);
	if (fflush(stdout))
		fail(STATUS_FAILED, "look at what it is connected to", "cannot write stdout");
}

/* output -1: the body was shown before, and is only hashed (FNV-1a). */
static struct result receive_result(int server, int output)
{
	struct result result = { .hash = 0xcbf29ce484222325ULL };
	struct answer answer;
	char buffer[65536];
	uint64_t left;
	size_t part, i, size = 0;
	char *body = NULL;
	FILE *copy = NULL;

	if (receive_answer(server, &answer))
		fail(STATUS_FAILED, look_at_server, "no proper answer from the server");
	result.error = answer.error;
	result.size = answer.body_length;
	if (!answer.error && output >= 0 && options.file && options.command->operation == OP_GET) {
		output = open(options.file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		if (output < 0)
			fail(STATUS_FAILED, look_at_file, "cannot write %s", options.file);
	}
	if (!answer.error && output >= 0 && options.json) {
		copy = open_memstream(&body, &size);
		if (!copy)
			fail(STATUS_FAILED, look_for_room, "cannot keep the answer");
	}
	for (left = answer.body_length; left; left -= part) {
		part = left < sizeof(buffer) ? left : sizeof(buffer);
		if (receive_all(server, buffer, part))
			fail(STATUS_FAILED, look_at_server, "the answer ended early");
		for (i = 0; i < part; i++)
			result.hash = (result.hash ^ (unsigned char)buffer[i]) * 0x100000001b3ULL;
		if (copy)
			fwrite(buffer, 1, part, copy);
		else if (output >= 0)
			show(buffer, part, output);
	}
	if (copy) {
		if (fclose(copy))
			fail(STATUS_FAILED, look_for_room, "cannot keep the answer");
		show_json(body, size);
		free(body);
	}
	if (output > STDERR_FILENO && close(output))
		fail(STATUS_FAILED, look_at_file, "cannot write %s", options.file);
	return result;
}

static bool same_result(const struct result *a, const struct result *b)
{
	return a->error == b->error && a->size == b->size && a->hash == b->hash;
}

static mode_t new_file_mode(mode_t most)
{
	mode_t mask = umask(0);

	umask(mask);
	return most & ~mask;
}

static struct request make_request(uint64_t body_length)
{
	struct request request = {
		.operation = options.command->operation,
		.body_length = body_length,
	};

	if (request.operation != OP_WHOAMI)
		strcpy(request.path, options.path ? options.path : ".");
	request.path_length = (uint32_t)strlen(request.path);
	if (request.operation == OP_PUT)
		request.mode = new_file_mode(0666);
	else if (request.operation == OP_MKDIR)
		request.mode = new_file_mode(0777);
	return request;
}

int main(int argc, char **argv)
{
	struct result first = { 0 }, result;
	struct request request;
	uint64_t size = 0;
	unsigned long i;
	int server, source = -1;

	argp_err_exit_status = STATUS_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	server = connect_to(options.socket);
	if (server < 0)
		fail(STATUS_FAILED, "start fileserver there, or say where it is: --socket PATH",
		     "cannot reach the server at %s", options.socket);
	if (options.command->operation == OP_PUT)
		source = open_source(&size);
	request = make_request(size);
	for (i = 0; i < options.repeat; i++) {
		if (send_request(server, &request))
			fail(STATUS_FAILED, look_at_server, "the server hung up");
		send_source(server, source, size);
		result = receive_result(server, i ? -1 : STDOUT_FILENO);
		if (!i)
			first = result;
		else if (!same_result(&first, &result))
			errx(STATUS_DIFFERENT, "answer %lu is not the same as the ones before: %s",
			     i + 1, result.error ? strerrorname_np(result.error) : "no error");
	}
	if ((request.operation == OP_STAT || request.operation == OP_WHOAMI) && !first.error &&
	    !options.json)
		write_all(STDOUT_FILENO, "\n", 1, "stdout");
	if (first.error)
		errx(STATUS_REFUSED, "%s %s: %s (%s)", options.command->name, request.path,
		     strerrorname_np(first.error), strerror(first.error));
	return 0;
}
