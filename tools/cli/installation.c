// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is installed for the running kernel: the module, what DKMS builds it from,
 * and the key that it signs it with.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "dkms_key.h"
#include "installation.h"
#include "report.h"

#define MODULES "/lib/modules/"
#define DKMS_SOURCE "/usr/src/ntimp-"
#define SIGNED "~Module signature appended~\n"

static const char *const keys[] = {
	[DKMS_KEY_NONE]		= "none",
	[DKMS_KEY_UNKNOWN]	= "unknown",
	[DKMS_KEY_NOT_ENROLLED]	= "not-enrolled",
	[DKMS_KEY_PENDING]	= "pending",
	[DKMS_KEY_ENROLLED]	= "enrolled",
};

/* ntimp.ko, or compressed; "kernel/fs/ntimp.ko" as depmod writes it. */
static bool is_ours(const char *path)
{
	const char *slash = strrchr(path, '/');

	path = slash ? slash + 1 : path;
	return !strncmp(path, "ntimp.ko", 8) && (!path[8] || path[8] == '.');
}

static void find_module(struct installation *installation)
{
	char list[PATH_MAX], line[PATH_MAX], *path = installation->module;
	FILE *file;

	snprintf(list, sizeof(list), MODULES "%s/modules.dep", installation->release);
	file = fopen(list, "re");
	if (!file)
		return;
	while (!*path && fgets(line, sizeof(line), file)) {
		line[strcspn(line, ":\n")] = '\0';
		if (!is_ours(line))
			continue;
		if (snprintf(path, PATH_MAX, MODULES "%s/%s", installation->release, line) >=
		    PATH_MAX || access(path, F_OK))
			*path = '\0';
	}
	fclose(file);
}

/* zlib reads files that are not compressed as well, and no others. */
static int read_signature(const char *path)
{
	const size_t length = strlen(SIGNED);
	char block[4096], tail[sizeof(SIGNED)] = "";
	gzFile file;
	int got;

	if (strstr(path, ".ko.xz") || strstr(path, ".ko.zst"))
		return -1;
	file = gzopen(path, "re");
	if (!file)
		return -1;
	while ((got = gzread(file, block, sizeof(block))) > 0) {
		size_t fresh = (size_t)got < length ? (size_t)got : length;

		memmove(tail, tail + fresh, length - fresh);
		memcpy(tail + length - fresh, block + got - fresh, fresh);
	}
	gzclose_r(file);
	return got < 0 ? -1 : !memcmp(tail, SIGNED, length);
}

/* The newest, should there be several. */
static void find_source(struct installation *installation)
{
	glob_t found;

	if (!glob(DKMS_SOURCE "*/dkms.conf", 0, NULL, &found)) {
		const char *version = found.gl_pathv[found.gl_pathc - 1] + strlen(DKMS_SOURCE);

		snprintf(installation->dkms, sizeof(installation->dkms), "%.*s",
			 (int)strcspn(version, "/"), version);
		globfree(&found);
	}
}

void installation_read(struct installation *installation, const char *release)
{
	char headers[PATH_MAX];

	*installation = (struct installation){ .is_signed = -1 };
	snprintf(installation->release, sizeof(installation->release), "%s", release);
	find_module(installation);
	if (installation->module[0])
		installation->is_signed = read_signature(installation->module);
	find_source(installation);
	snprintf(headers, sizeof(headers), MODULES "%s/build/Makefile", release);
	installation->headers = !access(headers, F_OK);
	installation->key = dkms_key_state();
}

static void advise_to_install(const struct installation *installation)
{
	const char *release = installation->release, *version = installation->dkms;

	if (!version[0])
		puts("  -> apt-get install ntimp-dkms, or from its sources: make install");
	else if (!installation->headers)
		printf("  -> DKMS lacks the headers of this kernel:\n"
		       "     apt-get install linux-headers-%s\n", release);
	else
		printf("  -> DKMS has not built it: dkms install ntimp/%s -k %s\n"
		       "     (if that fails: /var/lib/dkms/ntimp/%s/build/make.log)\n",
		       version, release, version);
}

static void advise_to_sign(const struct installation *installation)
{
	const char *release = installation->release, *version = installation->dkms;

	if (installation->is_signed)
		return;
	if (version[0])
		printf("  -> have DKMS sign it:\n"
		       "     dkms build --force ntimp/%s -k %s &&\n"
		       "     dkms install --force ntimp/%s -k %s\n", version, release, version,
		       release);
	else
		printf("  -> sign it with a key that this machine trusts:\n"
		       "     " MODULES "%s/build/scripts/sign-file sha256 KEY.priv KEY.der %s\n"
		       "     (how to get one: openssl req -new -x509 -newkey rsa:2048 -nodes\n"
		       "     -subj /CN=ntimp/ -outform DER -keyout KEY.priv -out KEY.der;\n"
		       "     mokutil --import KEY.der; start the machine anew)\n", release,
		       installation->module);
}

static void advise_to_trust(enum dkms_key key)
{
	if (key == DKMS_KEY_NOT_ENROLLED)
		printf("  -> let this machine trust DKMS's key: %smokutil --import " DKMS_KEY "\n"
		       "     then start it anew, and confirm that at its console\n",
		       access("/usr/bin/mokutil", X_OK) ? "apt-get install mokutil; " : "");
	else if (key == DKMS_KEY_PENDING)
		puts("  -> DKMS's key waits to be trusted: start this machine anew, and\n"
		     "     confirm that at its console");
	else if (key == DKMS_KEY_UNKNOWN)
		puts("  -> no firmware tells that it trusts DKMS's key: where there is no UEFI, a\n"
		     "     kernel trusts only the keys it was built with, unless it is started\n"
		     "     without module.sig_enforce and lockdown");
}

/* For people, on standard output; advice only where the module isn't loaded. */
void installation_describe(const struct installation *installation, bool loaded,
			   bool signed_only)
{
	static const char *const signature[] = { "", ", not signed", ", signed" };

	printf(LABEL "%s%s\n", "installed",
	       installation->module[0] ? installation->module : "no module for this kernel",
	       signature[installation->is_signed + 1]);
	if (installation->key != DKMS_KEY_NONE)
		printf(LABEL "%s\n", "DKMS's key", keys[installation->key]);
	if (loaded)
		return;
	if (!installation->module[0])
		advise_to_install(installation);
	else if (signed_only)
		advise_to_sign(installation);
	if (signed_only)
		advise_to_trust(installation->key);
}

struct json_object *installation_json(const struct installation *installation)
{
	struct json_object *record = json_record();

	json_add(record, "path",
		 installation->module[0] ? json_text(installation->module) : NULL);
	json_add(record, "signed", json_truth(installation->is_signed));
	json_add(record, "headers", json_truth(installation->headers));
	json_add(record, "dkms", installation->dkms[0] ? json_text(installation->dkms) : NULL);
	json_add(record, "dkms_key", json_text(keys[installation->key]));
	return record;
}
