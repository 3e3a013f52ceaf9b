/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables whose rows are cases, each with a name of its own. */
#ifndef _KUNIT_ROWS_H
#define _KUNIT_ROWS_H

#include <kunit/test.h>
#include <linux/string.h>

/* Make a case of each row of @tag_rows, for KUNIT_CASE_PARAM(..., @tag_gen_params). */
#define ROWS(tag)							\
static void tag##_name(typeof(tag##_rows + 0) row, char *name)		\
{									\
	strscpy(name, row->name, KUNIT_PARAM_DESC_SIZE);		\
}									\
KUNIT_ARRAY_PARAM(tag, tag##_rows, tag##_name)

#endif /* _KUNIT_ROWS_H */
