# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced: run the parts of a check, some of them at a time, and add them up.

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# part NAME COMMAND...: run it and add what its closing line says.
part() {
	local name=$1 status=0 counts
	shift
	say "$name"
	printf '# %s\n' "$name"
	# Only the closing line of the whole may look like one.
	"$@" </dev/null | tee "$work/part" |
		sed -uE "s/^[0-9]+ passed, [0-9]+ failed/# $name: &/" || status=$?
	counts=$(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed.*/\1 \2/p' "$work/part" | tail -n 1)
	if [ -z "$counts" ]; then
		not_ok "ended with status $status and without a count"
		counts='0 1'
	elif [ "$status" != 0 ] && [ "${counts#* }" = 0 ]; then
		not_ok "ended with status $status"
		counts="${counts% *} 1"
	elif [ "$counts" = '0 0' ]; then
		not_ok 'had nothing to test'
		counts='0 1'
	fi
	failures "$name" <"$work/part" >>"$work/failures"
	passed=$((passed + ${counts% *}))
	failed=$((failed + ${counts#* }))
	say "$name: ${counts% *} passed, ${counts#* } failed"
}

# not_ok WHAT: a failure of the part as a whole.
not_ok() { printf 'not ok - %s %s\n' "$name" "$1" | tee -a "$work/part"; }

# failures NAME: what failed in a part, and the notes that came with it, as comments.
failures() {
	awk -v part="$1" '
		/^(not ok |\[FAILED\] )/ {
			printf "# FAILED %s: %s\n", part, $0
			for (i = n > 12 ? n - 12 : 0; i < n; i++) print "#   " note[i]
		}
		/^(not )?ok |^\[[A-Z]+\] / { n = 0; next }
		{ note[n++] = $0 }'
}

behind() { # NAME COMMAND...: run it in the background, for replay to show
	local name=$1 start=$SECONDS
	shift
	{
		"$@" >"$work/$name" || echo $? >"$work/$name.status"
		say "$name took $((SECONDS - start)) s"
	} </dev/null &
}
replay() { # NAME: what it printed and how it ended
	cat "$work/$1"
	[ ! -f "$work/$1.status" ] || return "$(<"$work/$1.status")"
}

# parts_end: what failed once more, the last line, and the status of the whole.
parts_end() {
	cat "$work/failures"
	printf '%d passed, %d failed\n' $passed $failed
	[ $failed = 0 ] && [ $passed -gt 0 ]
}
