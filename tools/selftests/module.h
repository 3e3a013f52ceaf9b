/* SPDX-License-Identifier: GPL-2.0-only */
/* The module as such: loading, unloading, and how many users it has. */
#ifndef SELFTEST_MODULE_H
#define SELFTEST_MODULE_H

/* Load the module with these parameters, "" for none.  0 or -errno. */
int module_load(const char *params);
/* Unload it; -EWOULDBLOCK: it is in use. */
int module_unload(void);
/*
 * How many users it has: threads that impersonate, open contexts and open
 * devices.  -ENOENT: it is not loaded.
 */
int module_uses(void);
/*
 * Wait until it has this many, as what a thread or process held is dropped a
 * moment after its end is reported.  0, or -ETIMEDOUT after a long time.
 */
int module_await_uses(int uses);
/* The same of any other module. */
int module_uses_of(const char *name);
int module_await_uses_of(const char *name, int uses);

#endif /* SELFTEST_MODULE_H */
