#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What auditd writes down, and what ausearch finds there: refusals and successes, each
# with both identities.
#
# Runs as root in a guest that has the module and the users alice and bob.

# Commands are handed to bash -c, which is to expand them.
# shellcheck disable=SC2016

parameter=/sys/module/ntimp/parameters/audit_successes
log=/var/log/audit/audit.log
number=0 failures=0

for program in auditd auditctl ausearch; do
	command -v $program >/dev/null ||
		{ printf '1..0 # SKIP %s is not in the guest: apt-get install auditd\n' $program; exit 0; }
done

# result STATUS NAME [TEXT]: the text is shown if it failed
result() {
	number=$((number + 1))
	if [ "$1" = 0 ]; then
		printf 'ok %d - %s\n' $number "$2"
	else
		failures=$((failures + 1))
		printf 'not ok %d - %s\n' $number "$2"
		printf '%s\n' "$3" | sed 's/^/#   /'
	fi
}

# What ausearch finds of ours.
found() { # ARG...
	ausearch -if $log -m KERNEL "$@" 2>&1 | grep -a 'op=ntimp_'
}

# expect NAME PATTERN ARG...: auditd writes what it was told a moment later.
expect() {
	local name=$1 pattern=$2 try text status=1
	shift 2
	for ((try = 0; try < 60; try++)); do
		text=$(found "$@")
		[[ $text =~ $pattern ]] && { status=0; break; }
		sleep 0.1
	done
	result $status "$name" "wanted: $pattern
$text"
}

start_auditd() {
	mkdir -p /etc/audit/plugins.d /var/log/audit
	chmod 750 /etc/audit /var/log/audit
	cat >/etc/audit/auditd.conf <<-'END'
		local_events = yes
		write_logs = yes
		log_file = /var/log/audit/audit.log
		log_format = RAW
		log_group = root
		flush = SYNC
		num_logs = 2
		max_log_file = 8
		max_log_file_action = IGNORE
		space_left = 2
		space_left_action = IGNORE
		admin_space_left = 1
		admin_space_left_action = IGNORE
		disk_full_action = IGNORE
		disk_error_action = IGNORE
		verify_email = no
		tcp_listen_queue = 5
	END
	chmod 640 /etc/audit/auditd.conf
	auditd -n >/tmp/auditd.out 2>&1 &
	auditd=$!
	local try
	for ((try = 0; try < 300; try++)); do
		[[ $(auditctl -s 2>&1) =~ enabled\ [12].*pid\ $auditd($'\n'|' ') ]] && return 0
		sleep 0.1
	done
	return 1
}

start_auditd
started=$?
result $started 'auditd runs' "$(cat /tmp/auditd.out; auditctl -s 2>&1)"
if [ $started != 0 ]; then
	kill $auditd
	printf '1..%d\n' $number
	exit 1
fi

# Alice is handed bob's context, which gives her nothing.
ntimp capture --user bob -- setpriv --reuid 1001 --regid 1001 --clear-groups \
	bash -c 'exec 2>/dev/null; ntimp exec-as --context-fd 3 -- true; ntimp revoke; ntimp revert 1'
expect 'a refusal to impersonate' \
	'op=ntimp_impersonate pid=[0-9]+ auid=[0-9]+ ses=[0-9]+ uid=1001 gid=1001 comm="ntimp" context=[0-9]+ client_auid=[0-9]+ level=2 client_uid=1002 client_gid=1002 reason=no_setid res=0'
expect 'a refusal to end' 'op=ntimp_end .* uid=1001 .* client_uid=1002 .*reason=not_maker res=0'
expect 'a refusal to look' 'op=ntimp_look .* uid=1001 .*client_uid=0 .*reason=not_visible res=0'
expect 'ausearch reads ids and names' 'op=ntimp_impersonate .*auid=unset .*uid=alice .*comm=ntimp .*res=no' \
	-i
expect 'raw' 'type=KERNEL msg=audit\([0-9.]+:[0-9]+\): op=ntimp_impersonate ' --raw

ntimp capture --user bob -- cli-test-wear true
[[ $(found) =~ res=1 ]]
result $((!$?)) 'successes are not told unless it is wanted' "$(found)"
echo 1 >$parameter
ntimp capture --user bob -- cli-test-wear true
expect 'a capture' \
	'op=ntimp_capture pid=[0-9]+ auid=[0-9]+ ses=[0-9]+ uid=0 gid=0 comm="ntimp" context=[0-9]+ client_auid=[0-9]+ level=2 client_uid=1002 client_gid=1002 res=1'
expect 'an impersonation, by a thread with a strange name' \
	'op=ntimp_impersonate pid=[0-9]+ auid=[0-9]+ ses=[0-9]+ uid=0 gid=0 comm=61225C1B5BFF0A context=[0-9]+ client_auid=[0-9]+ level=2 client_uid=1002 client_gid=1002 res=1'
echo 0 >$parameter

kill $auditd
wait $auditd
auditctl -e 0 >/dev/null
printf '1..%d\n' $number
[ $failures = 0 ]
