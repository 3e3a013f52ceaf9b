/* SPDX-License-Identifier: GPL-2.0-only */
/* Annotations that NT's drivers make for its static analyser: nothing here. */
#ifndef _LINUX_NT_SAL_H
#define _LINUX_NT_SAL_H

#define _In_
#define _In_opt_
#define _In_z_
#define _In_opt_z_
#define _In_range_(...)
#define _In_reads_(...)
#define _In_reads_opt_(...)
#define _In_reads_bytes_(...)
#define _In_reads_bytes_opt_(...)
#define _Out_
#define _Out_opt_
#define _Out_range_(...)
#define _Out_writes_(...)
#define _Out_writes_opt_(...)
#define _Out_writes_all_(...)
#define _Out_writes_to_(...)
#define _Out_writes_bytes_(...)
#define _Out_writes_bytes_opt_(...)
#define _Out_writes_bytes_to_(...)
#define _Outptr_
#define _Outptr_opt_
#define _Outptr_result_maybenull_
#define _Outptr_result_bytebuffer_(...)
#define _Inout_
#define _Inout_opt_
#define _Inout_updates_(...)
#define _Inout_updates_bytes_(...)
#define _Ret_maybenull_
#define _Ret_notnull_
#define _Reserved_
#define _Null_terminated_
#define _Notnull_
#define _Maybenull_
#define _Pre_notnull_
#define _Post_invalid_
#define _Field_size_(...)
#define _Field_size_bytes_(...)

#define _Check_return_
#define _Must_inspect_result_
#define _Success_(...)
#define _On_failure_(...)
#define _When_(...)
#define _At_(...)
#define _Use_decl_annotations_
#define _Function_class_(...)
#define _Dispatch_type_(...)
#define _Kernel_clear_do_init_(...)
#define _Analysis_assume_(...)		((void)0)
#define __analysis_assume(...)		((void)0)

#define _IRQL_requires_(...)
#define _IRQL_requires_max_(...)
#define _IRQL_requires_min_(...)
#define _IRQL_requires_same_
#define _IRQL_raises_(...)
#define _IRQL_saves_
#define _IRQL_restores_
#define _Requires_lock_held_(...)
#define _Requires_lock_not_held_(...)
#define _Acquires_lock_(...)
#define _Releases_lock_(...)
#define _Acquires_shared_lock_(...)
#define _Releases_shared_lock_(...)
#define _Guarded_by_(...)
#define __drv_allocatesMem(...)
#define __drv_freesMem(...)
#define __drv_aliasesMem
#define __drv_maxIRQL(...)

/* Of older drivers */
#define __in_opt
#define __in_bcount(...)
#define __in_ecount(...)
#define __out_opt
#define __out_bcount(...)
#define __out_ecount(...)
#define __inout
#define __inout_opt
#define __deref_out
#define __deref_out_opt

#endif /* _LINUX_NT_SAL_H */
