// SPDX-License-Identifier: LGPL-2.1-only
/*
 * The header in C++, and exceptions out of scope and function.
 */
#include "kernel_double.h"
#include "ntimp.h"
#include "tap.h"

static int ctx;

static int throw_identity(void *)
{
	throw double_impersonating();
}

static int thrown_by_run_as()
{
	try {
		return ntimp_run_as(ctx, throw_identity, nullptr) - 100;
	} catch (int inside) {
		return inside;
	}
}

static int thrown_by_scope()
{
	try {
		NTIMP_SCOPE(ctx)
			throw double_impersonating();
		else
			return -1;
	} catch (int inside) {
		return inside;
	}
	return -2;
}

int main()
{
	ctx = ntimp_capture_self(nullptr);
	OK(ctx >= 0, "capture");
	OK(thrown_by_run_as() == 1, "an exception passes through run_as");
	OK(!double_impersonating(), "which reverts");
	OK(thrown_by_scope() == 1, "an exception leaves a scope");
	OK(!double_impersonating(), "which reverts");
	return tap_end();
}
