# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced: count cases, print them as TAP, close with "N passed, N failed".

tap_passed=0 tap_failed=0

tap_result() { # STATUS NAME: 0 is a pass
	local verdict=ok
	if [ "$1" = 0 ]; then
		tap_passed=$((tap_passed + 1))
	else
		tap_failed=$((tap_failed + 1))
		verdict='not ok'
	fi
	printf '%s %d - %s\n' "$verdict" $((tap_passed + tap_failed)) "$2"
}

# tap_case NAME COMMAND...: passes if COMMAND does; its output is shown if not.
tap_case() {
	local name=$1 output status=0
	shift
	output=$("$@" 2>&1) || status=$?
	[ $status = 0 ] || printf '%s\n' "$output" | sed 's/^/# /'
	tap_result $status "$name"
}

tap_equal() { # NAME WANT GOT
	[ "$2" = "$3" ] || printf '# want: %q\n#  got: %q\n' "$2" "$3"
	tap_result "$([ "$2" = "$3" ]; echo $?)" "$1"
}

# The status is that of the whole: no case at all is a failure.
tap_end() {
	printf '1..%d\n%d passed, %d failed\n' $((tap_passed + tap_failed)) $tap_passed $tap_failed
	[ $tap_failed = 0 ] && [ $tap_passed -gt 0 ]
}
