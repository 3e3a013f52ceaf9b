// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module: is it there, what can it do, what does it guard.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "module_state.h"
#include "report.h"

static const char *const guards[64] = {
	[NTIMP_GUARD_COMMIT_CREDS]	= "commit-creds",
	[NTIMP_GUARD_COPY_CREDS]	= "copy-creds",
	[NTIMP_GUARD_EXEC]		= "exec",
	[NTIMP_GUARD_CREATE_USER_NS]	= "create-user-ns",
	[NTIMP_GUARD_USERNS_INSTALL]	= "userns-install",
	[NTIMP_GUARD_COREDUMP]		= "coredump",
	[NTIMP_GUARD_JOIN_SESSION]	= "join-session",
	[NTIMP_GUARD_REQKEY_KEYRING]	= "reqkey-keyring",
	[NTIMP_GUARD_SETSELFATTR]	= "setselfattr",
	[NTIMP_GUARD_IO_URING]		= "io-uring",
	[NTIMP_GUARD_IO_URING_POLL]	= "io-uring-poll",
	[NTIMP_GUARD_EXIT]		= "exit",
};

static const char *const features[64] = {
	[0] = "impersonate",
	[1] = "low-levels",
	[2] = "dynamic",
	[3] = "remote",
	[4] = "broker",
	[5] = "consent",
	[6] = "revoke",
	[7] = "explain",
};

static const char *const params[64] = {
	[0] = "allow_root_clients",
	[1] = "consent",
};

static const char *const errata[64];

/* Bits that a newer module sets have a number and no name. */
static const char *bit_name(const char *const names[64], unsigned int bit)
{
	static char number[8];

	if (names[bit])
		return names[bit];
	snprintf(number, sizeof(number), "%u", bit);
	return number;
}

static int ask(struct ntimp_version *version)
{
	int fd = open(DEVICE_PATH, O_RDWR | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return errno;
	version->size = sizeof(*version);
	if (ioctl(fd, NTIMP_VERSION, version))
		err = errno;
	close(fd);
	/* Whatever it says is text that ends. */
	version->release[sizeof(version->release) - 1] = '\0';
	return err;
}

void module_state_read(struct module_state *state)
{
	struct stat st;

	memset(state, 0, sizeof(*state));
	if (!stat(DEVICE_PATH, &st)) {
		state->device = true;
		state->mode = st.st_mode & 07777;
		state->uid = st.st_uid;
		state->gid = st.st_gid;
	}
	state->error = ask(&state->version);
	state->loaded = !state->error || !access("/sys/module/ntimp", F_OK);
}

/* Guards that are neither armed nor without anything to watch. */
unsigned long long module_guards_missing(const struct ntimp_version *version)
{
	unsigned long long known = 0;
	unsigned int bit;

	for (bit = 0; bit < 64; bit++)
		if (guards[bit])
			known |= 1ULL << bit;
	return known & ~(version->guards_armed | version->guards_absent);
}

bool module_usable(const struct module_state *state)
{
	return !state->error && state->version.abi == NTIMP_ABI &&
	       state->version.features & NTIMP_FEATURE_IMPERSONATE &&
	       !module_guards_missing(&state->version);
}

static void print_bits(const char *what, const char *const names[64], unsigned long long bits)
{
	const char *space = "";
	unsigned int bit;

	printf(LABEL, what);
	for (bit = 0; bit < 64; bit++) {
		if (!(bits >> bit & 1))
			continue;
		printf("%s%s", space, bit_name(names, bit));
		space = " ";
	}
	puts(bits ? "" : "none");
}

static void describe_version(const struct ntimp_version *version)
{
	unsigned long long missing = module_guards_missing(version);

	printf(LABEL "loaded, version %s, interface %u\n", "module", version->release,
	       version->abi);
	if (version->abi != NTIMP_ABI)
		printf("  -> this ntimp knows interface %d: install that of the module's version\n",
		       NTIMP_ABI);
	print_bits("features", features, version->features);
	print_bits("errata", errata, version->errata);
	print_bits("guards", guards, version->guards_armed);
	print_bits("nothing there", guards, version->guards_absent);
	if (missing) {
		print_bits("NOT GUARDED", guards, missing);
		puts("  -> do not impersonate: load a module that was built for this kernel");
	}
	print_bits("loosened", params, version->params);
	if (version->params & NTIMP_PARAM_ALLOW_ROOT_CLIENTS)
		puts("  -> clients that are root can make servers more powerful than they are:\n"
		     "     load it without allow_root_clients unless all such clients are trusted");
	if (version->params & NTIMP_PARAM_CONSENT)
		puts("  -> a context that a client made with its consent lets who holds it act\n"
		     "     as the client, but for clients that are root");
}

static const char *device_advice(const struct module_state *state)
{
	if (state->error == EACCES || state->error == EPERM)
		return "you may not open it: ask the administrator (module parameter mode, udev)";
	if (state->device && state->loaded)
		return "it does not answer as the module does: remove it and let udev make it anew";
	if (state->loaded)
		return "mount devtmpfs on /dev, or let udev make it";
	return "modprobe ntimp, or insmod ntimp.ko";
}

/* For people, on standard output. */
void module_describe(const struct module_state *state)
{
	if (!state->error)
		describe_version(&state->version);
	else
		printf(LABEL "%s\n", "module", state->loaded ? "loaded" : "not loaded");
	if (state->device)
		printf(LABEL DEVICE_PATH ", mode %04o, owner %u:%u\n", "device", state->mode,
		       state->uid, state->gid);
	else
		printf(LABEL "none\n", "device");
	if (state->error)
		printf("  -> %s: %s\n", strerror(state->error), device_advice(state));
}

static struct json_object *json_bits(const char *const names[64], unsigned long long bits)
{
	struct json_object *list = json_list();
	unsigned int bit;

	for (bit = 0; bit < 64; bit++)
		if (bits >> bit & 1)
			json_append(list, json_text(bit_name(names, bit)));
	return list;
}

static struct json_object *json_version(const struct ntimp_version *version)
{
	struct json_object *record = json_record();
	struct json_object *guarded = json_record();

	json_add(record, "release", json_text(version->release));
	json_add(record, "abi", json_number(version->abi));
	json_add(record, "features", json_bits(features, version->features));
	json_add(record, "errata", json_bits(errata, version->errata));
	json_add(guarded, "armed", json_bits(guards, version->guards_armed));
	json_add(guarded, "absent", json_bits(guards, version->guards_absent));
	json_add(guarded, "missing", json_bits(guards, module_guards_missing(version)));
	json_add(record, "guards", guarded);
	json_add(record, "loosened", json_bits(params, version->params));
	return record;
}

static struct json_object *json_device(const struct module_state *state)
{
	struct json_object *record = json_record();
	char mode[8];

	snprintf(mode, sizeof(mode), "%04o", state->mode);
	json_add(record, "mode", json_text(mode));
	json_add(record, "owner", json_number(state->uid));
	json_add(record, "owner_group", json_number(state->gid));
	return record;
}

void module_json(struct json_object *report, const struct module_state *state)
{
	json_add(report, "loaded", json_truth(state->loaded));
	json_add(report, "device", state->device ? json_device(state) : NULL);
	json_add(report, "error", state->error ? json_text(strerror(state->error)) : NULL);
	json_add(report, "module", state->error ? NULL : json_version(&state->version));
}
