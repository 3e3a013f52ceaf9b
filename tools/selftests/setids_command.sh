#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The command ntimp-setids: what it gives to the program that it starts.

number=0 failures=0

check() { # NAME STATUS OUTPUT COMMAND...: its exit status, and all of its output
	local name=$1 wanted=$2 output=$3 status=0 got
	shift 3
	got=$("$@" 2>&1) || status=$?
	number=$((number + 1))
	if [ $status = "$wanted" ] && [ "$got" = "$output" ]; then
		printf 'ok %d - %s\n' $number "$name"
	else
		failures=$((failures + 1))
		printf 'not ok %d - %s\n# status %d: %q\n' $number "$name" $status "$got"
	fi
}

# shellcheck disable=SC2016 # for the bash that is started
show='echo "$1:$LD_PRELOAD:$NTIMP_SETIDS_CONTEXTS:$NTIMP_SETIDS_REPORT"'
# Read by the bash itself, which would become the last program that it starts.
# shellcheck disable=SC2016
mapped='maps=$(</proc/self/maps); [[ $maps == *libntimp-setids* ]]'
served='ntimp-setids: 0 changes served, 0 contexts made, 0 times settled'

check 'what is set' 0 'a  b:libntimp-setids.so::' ntimp-setids bash -c "$show" - 'a  b'
check 'before what was' 0 'x:libntimp-setids.so:libm.so.6::' \
	env LD_PRELOAD=libm.so.6 ntimp-setids bash -c "$show" - x
check 'contexts' 0 'x:libntimp-setids.so:7:' ntimp-setids -c 7 -- bash -c "$show" - x
check 'contexts, in one word' 0 'x:libntimp-setids.so:65536:' \
	ntimp-setids --contexts=65536 bash -c "$show" - x
check 'report' 3 "$served" ntimp-setids --report -- bash -c 'exit 3'
check 'report as JSON' 0 '{"changes_served":0,"contexts_made":0,"times_settled":0}' \
	ntimp-setids --json -r -- bash -c :
check 'it is loaded' 0 '' ntimp-setids bash -c "$mapped"
check 'and not without' 1 '' bash -c "$mapped"

printf '1..%d\n' $number
[ $failures = 0 ]
