#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The command ntimp: every command, its output, its exit statuses.
#
# Runs as root in a guest that has the module and the users alice, bob, carol
# (1001, 1002, 1003) and the group staff (2000, of alice and bob).

# Commands under test are handed to bash -c, which is to expand them.
# shellcheck disable=SC2016

number=0 failures=0
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT

result() { # STATUS NAME
	number=$((number + 1))
	if [ "$1" = 0 ]; then
		printf 'ok %d - %s\n' $number "$2"
	else
		failures=$((failures + 1))
		printf 'not ok %d - %s\n' $number "$2"
		sed 's/^/#   /' "$work/out"
	fi
}

# check NAME STATUS PATTERN COMMAND...: its exit status, and a pattern in stdout
# and stderr joined to one line; a pattern that begins with ! must not be there.
check() {
	local name=$1 wanted=$2 pattern=$3 status=0 joined matches=0
	shift 3
	"$@" >"$work/out" 2>&1 || status=$?
	joined=$(tr '\n' ' ' <"$work/out")
	[[ $joined =~ ${pattern#!} ]] || matches=1
	[ "${pattern:0:1}" != '!' ] || matches=$((!matches))
	printf 'status %s, wanted %s and: %s\n' $status "$wanted" "$pattern" >>"$work/out"
	[ $status = "$wanted" ] && [ $matches = 0 ]
	result $? "$name"
}

# Strings become S, other values V, and whatever is complete then becomes V.
valid_json() {
	sed -E 's/"([^"\\]|\\(["\\\/bfnrt]|u[0-9a-fA-F]{4}))*"/S/g; s/true|false|null|-?[0-9]+/V/g' |
		tr -d ' \n' | sed -E 's/S:/K/g; s/S/V/g; :again
			s/\[(V(,V)*)?\]/V/g; s/\{(KV(,KV)*)?\}/V/g; t again' | grep -qx V
}

check_json() { # NAME STATUS PATTERN COMMAND...: and it is JSON without control characters
	check "$@"
	"${@:4}" 2>/dev/null >"$work/json"
	sed 's/^/json: /' "$work/json" >"$work/out"
	valid_json <"$work/json" && ! LC_ALL=C grep -q '[^ -~]' "$work/json"
	result $? "$1: is JSON"
}

in_private() { # SCRIPT: with mounts that nobody else sees
	unshare -m --propagation private bash -c "$1"
}

# As an unprivileged user, and as one with capabilities, without ntimp's help.
as_alice=(setpriv --reuid 1001 --regid 1001 --clear-groups)
as_carol=$work/as-carol # CAPABILITIES COMMAND...
cat >"$as_carol" <<'END'
#!/bin/bash
exec setpriv --reuid 1003 --regid 1003 --clear-groups --inh-caps "$1" --ambient-caps "$@"
END
chmod 755 "$as_carol"

# background COMMAND...: a bash -c "echo; read" of that kind, in $background
background() {
	local line
	coproc "$@" bash -c 'echo $$; read -r' 2>/dev/null
	read -r line <&"${COPROC[0]}"
	background=$line
}
end_background() { echo >&"${COPROC[1]}"; wait "$COPROC_PID"; }

ids() { printf 'Uid: %s %s %s %s Gid: %s %s %s %s' "$1" "$1" "$1" "$1" "$2" "$2" "$2" "$2"; }
# Printed by bash itself, because busybox gives an effective user up.
state='status=$(</proc/self/status); echo "${status//[[:blank:]]/ }"'
empty=0000000000000000
full=$(sed -n 's/^CapPrm:\t//p' /proc/self/status)

command -v ntimp >/dev/null ||
	{ printf 'Bail out! ntimp is not in the guest: make cli\n'; exit 1; }

# --- every command ------------------------------------------------------------
check 'no command' 64 'a command is needed' ntimp
check 'unknown command' 64 'no command .nonsense' ntimp nonsense
check 'version' 0 '^ntimp [0-9]+\.[0-9]+\.[0-9]+ \(interface 1\) $' ntimp --version
for command in status whoami exec-as capture show list top explain wearers revoke revert; do
	check "$command --help" 0 "^Usage: ntimp $command .*--help" ntimp $command --help
	check "$command: unknown option" 64 'Try .ntimp' ntimp $command --nonsense
done
check 'output that cannot be written' 74 'output could not be written' \
	bash -c 'ntimp status >/dev/full'

# --- status -------------------------------------------------------------------
check 'status' 0 'loaded, version 0.*interface 1 .*guards +commit-creds copy-creds exec .*mode 0666.*usable +yes' \
	ntimp status
check 'status: nothing is unguarded or loosened' 0 'loosened +none' ntimp status
check_json 'status --json' 0 '"usable":true,.*"abi":1,.*"missing":\[ *\].*"loosened":\[ *\]' \
	ntimp status --json
check 'status for anybody' 0 'usable +yes' "${as_alice[@]}" ntimp status
check 'status without the device' 69 'module +loaded.*device +none.*usable +no' \
	in_private 'mount -t tmpfs none /dev; ntimp status'
check 'status without /proc and /sys' 0 'usable +yes' in_private 'umount -l /sys /proc; ntimp status'
check 'status: Secure Boot on' 0 'secure boot +on' in_private '
	mount -t tmpfs none /sys/firmware; mkdir -p /sys/firmware/efi/efivars
	printf "\6\0\0\0\1" >/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
	ntimp status'
check 'status: Secure Boot unknown' 0 'secure boot +unknown' in_private '
	mount -t tmpfs none /sys/firmware; mkdir -p /sys/firmware/efi; ntimp status'
check 'status: lockdown' 0 'lockdown +integrity' in_private '
	mount -t tmpfs none /sys/kernel/security
	echo "none [integrity] confidentiality" >/sys/kernel/security/lockdown; ntimp status'
fake_lkrg='mount -t tmpfs none /proc/sys; mkdir /proc/sys/lkrg
	echo 2 >/proc/sys/lkrg/pint_validate'
check 'status: LKRG that kills' 69 'lkrg +loaded .*kills them.*usable +no' \
	in_private "$fake_lkrg; echo 1 >/proc/sys/lkrg/pint_enforce; ntimp status"
check 'status: LKRG that logs' 0 'lkrg +loaded .*logs impersonating.*usable +yes' \
	in_private "$fake_lkrg; echo 0 >/proc/sys/lkrg/pint_enforce; ntimp status"

# --- capture and show ---------------------------------------------------------
check 'capture --user' 0 'from ids level +impersonation .*user +alice\(1001\) group +alice\(1001\) groups +alice\(1001\), staff\(2000\) capabilities +none' \
	ntimp capture --user alice
check_json 'capture --user --json' 0 '"source":"ids".*"user":"alice".*"groups":\[ *1001, *2000 *\], *"group_names":\[ *"alice", *"staff" *\]' \
	ntimp capture --user alice --json
check 'capture --uid without groups' 0 'user +4711 group +bob\(1002\) groups +none' \
	ntimp capture --uid 4711 --gid 1002
check 'capture --groups by name and number' 0 'groups +staff\(2000\), 5000 ' \
	ntimp capture --uid 1 --gid 1 --groups 5000,staff
check 'capture --anonymous' 0 'from anonymous .*nobody\(65534\)' ntimp capture --anonymous
check 'capture --self' 0 'from self .*root\(0\) .*capabilities +all' ntimp capture --self
check 'capture --self for anybody' 0 'from self .*user +alice' "${as_alice[@]}" ntimp capture --self
check 'capture --pid' 0 'from thread .*root\(0\)' ntimp capture --pid 1
check 'capture --peer-fd' 0 'from peer .*user +alice' \
	cli-test-peer 1001:1001:1001 1001 ntimp capture --peer-fd 0
check_json 'capture --level, --effective-only' 0 '"level":"delegation",.*"effective_only":true' \
	ntimp capture --self --level Delegation --effective-only --json
check 'level anonymous says nobody' 0 'level +anonymous .*nobody\(65534\) .*groups +none' \
	ntimp capture --user alice --level anonymous
check 'effective-only leaves out' 0 'capabilities +none user' \
	ntimp capture --user alice -e -- ntimp capture --context-fd 3 -e
check 'capture hands over descriptor 3' 0 '^3 context .*alice' \
	ntimp capture --user alice -- bash -c 'echo $NTIMP_CONTEXT_FD; ntimp show'
check 'or the next free one' 0 '^5 context .*alice' bash -c 'exec 3</dev/null 4</dev/null
	ntimp capture --user alice -- bash -c "echo \$NTIMP_CONTEXT_FD; ntimp show"'
check 'capture leaves the command who it was' 0 "$(ids 0 0)" \
	ntimp capture --user alice -- bash -c "$state"
check 'capture: status of the command' 42 '' ntimp capture --self -- bash -c 'exit 42'
check 'duplicate at a lower level' 0 'level +identification' \
	ntimp capture --user alice -- ntimp capture --context-fd 3 --level identification
check 'duplicate at a higher level' 77 'allows less' \
	ntimp capture --user alice -- ntimp capture --context-fd 3 --level delegation
check 'capture: no such level' 64 'no level .system' ntimp capture --self --level system
check 'capture: no client' 64 'which client' ntimp capture
check 'capture: two clients' 64 'one client only' ntimp capture --self --anonymous
check 'capture: --uid without --gid' 64 'needs --gid' ntimp capture --uid 1
check 'capture: --gid without --uid' 64 'go with --uid' ntimp capture --self --gid 1
check 'capture: uid -1' 64 'wants a number' ntimp capture --uid 4294967295 --gid 1
check 'capture: --json with a command' 64 'without COMMAND' ntimp capture --self --json -- true
check 'capture: unknown user' 67 'no such user' ntimp capture --user nonsense
check 'capture: unknown group' 67 'no group .nonsense' ntimp capture --uid 1 --gid 1 -g 1,nonsense
check 'capture: unmapped id' 65 'mapped in this user namespace' \
	unshare --user --map-root-user ntimp capture --uid 4711 --gid 0
check 'capture: user, unprivileged' 77 'CAP_SETUID and CAP_SETGID' \
	"${as_alice[@]}" ntimp capture --user bob
check 'capture: process, unprivileged' 77 'CAP_SETUID' "${as_alice[@]}" ntimp capture --pid 1
check 'capture: no such process' 66 'no such process' ntimp capture --pid 2147483647
check 'capture: no socket' 66 'not a socket' ntimp capture --peer-fd 0
check 'capture: no context' 66 'not a context' ntimp capture --context-fd 0 --level anonymous
check 'capture: descriptors used up' 71 'ulimit' bash -c 'ulimit -n 5; ntimp capture --self'

check_json 'show --json' 0 '"context":\{.*"uses":0.*"client":\{' \
	ntimp capture --user alice -- ntimp show --json
check 'show FD' 0 'user +alice' ntimp capture --user alice -- env -u NTIMP_CONTEXT_FD ntimp show 3
check 'show --context-fd' 0 'user +alice' ntimp capture --user alice -- ntimp show --context-fd 3
check 'show without the variable' 0 'user +alice' \
	ntimp capture --user alice -- env -u NTIMP_CONTEXT_FD ntimp show
check_json 'show PID/FD' 0 '"source":"ids".*"user":"alice".*"groups":null.*"group_count":2' \
	ntimp capture --user alice -- bash -c 'ntimp show $$/3 --json'
check 'show counts uses' 0 'used +2 times' \
	ntimp capture --user alice -- cli-test-wear ntimp show
check 'show: two of them' 64 'one context' ntimp show 3 4
check 'show: not a number' 64 'FD, or PID/FD' ntimp show three
check 'show: nothing open' 66 'no such descriptor' ntimp show 9
check 'show: not a context' 66 'is not a context' ntimp show 0
check 'show: no such process' 66 'no such process' ntimp show 2147483647/3
check 'show: nothing open there' 66 'no such descriptor' ntimp show 1/999
check 'show: not a context there' 66 'is not a context' ntimp show 1/0
check 'show: may not look there' 77 'right to trace' "${as_alice[@]}" ntimp show 1/0
check 'show: a module that says something else' 76 'same version' in_private '
	mount -t tmpfs none /proc; mkdir -p /proc/77/fdinfo
	echo "ntimp_id: 1" >/proc/77/fdinfo/3; ntimp show 77/3'

# --- list and top -------------------------------------------------------------
check 'list: nothing' 0 '^ *CONTEXT +LEVEL +SOURCE +UID +GID +USES +WHERE +$' ntimp list
check 'list' 0 ' impersonation +ids +1002 +1002 +2 +[0-9]+/3 .* impersonation +ids +1002 +1002 +2 +worn by [0-9]+ \(wearer\) .*worn by [0-9]+ \(a' \
	ntimp capture --user bob -- cli-test-wear ntimp list
check_json 'list --json' 0 '"sightings":\[.*"client_uid":1002, *"client_gid":1002,.*"fd":3, *"tid":null,.*"fd":null, *"tid":[0-9]+, *"name":"wearer".*"hidden_processes":0, *"threads_asked":true' \
	ntimp capture --user bob -- cli-test-wear ntimp list --json
check 'list, unprivileged: ones own' 0 ' ids +1002 .*[0-9]+/3 .*could not be looked into.*not asked' \
	ntimp capture --user bob -- "${as_alice[@]}" ntimp list
check_json 'list --json, unprivileged' 0 '"sightings":\[ *\], *"hidden_processes":[1-9][0-9]*, *"threads_asked":false' \
	"${as_alice[@]}" ntimp list --json
check 'list: arguments' 64 'Too many arguments' ntimp list 3
check 'list: no /proc' 71 'looking through /proc' in_private 'umount -l /proc; ntimp list'
check 'top -n 1' 0 '^ *CONTEXT .* ids +1002 +1002 +0\.0/s +[0-9]+/3 .* 0\.0/s +worn by [0-9]+ \(wearer\)' \
	ntimp capture --user bob -- cli-test-wear ntimp top -n 1
check 'top -n 2' 0 'CONTEXT .*CONTEXT .* 0\.0/s' \
	ntimp capture --user bob -- ntimp top -n 2 -i 1
check_json 'top --json' 0 '"fd":3,.*"uses_per_second":0' \
	ntimp capture --user bob -- ntimp top --count 1 --json
check 'top: 0 times' 64 'positive number' ntimp top -n 0
check 'top: every 0 seconds' 64 '1 to 86400 seconds' ntimp top --interval 0
check 'top: arguments' 64 'Too many arguments' ntimp top 3
check 'top: output that cannot be written' 74 'output could not be written' \
	bash -c 'ntimp top >/dev/full'

# --- explain ------------------------------------------------------------------
check 'explain: root may' 0 'user +bob.*server +[0-9]+ \(ntimp\) allowed +yes because +it is the client already, or has CAP_SETUID and CAP_SETGID' \
	ntimp capture --user bob -- ntimp explain
check 'explain: oneself' 0 'allowed +yes' "${as_alice[@]}" ntimp capture --self -- ntimp explain 3
check 'explain: no capabilities' 1 'allowed +no because +the server lacks CAP_SETUID or CAP_SETGID.*way out +give the server both' \
	ntimp capture --user bob -- "${as_alice[@]}" ntimp explain
check_json 'explain --json' 1 '"context":\{.*"client":\{ *"user":"bob".*"answer":\{ *"server":[0-9]+, *"allowed":false, *"pass":"refused", *"reason":"no_setid", *"because":"[^"]+", *"way_out":"' \
	ntimp capture --user bob -- "${as_alice[@]}" ntimp explain --json
check_json 'explain --json: root may' 0 '"allowed":true, *"pass":"right", *"reason":"none",.*"way_out":null' \
	ntimp capture --user bob -- ntimp explain --json
check 'explain: a root client' 1 'allowed +no because +the client is root, and the server is not way out' \
	ntimp capture --self -- "$as_carol" +setuid,+setgid ntimp explain
check 'explain: a low level' 0 'allowed +yes: anybody may at this level' \
	ntimp capture --user bob -l identification -- "${as_alice[@]}" ntimp explain
check 'explain: revoked' 1 'allowed +no because +the context was revoked or has expired way out +capture' \
	ntimp capture --user bob -- bash -c 'ntimp revoke >/dev/null; ntimp explain $$/3'
background unshare --user
check 'explain --pid: an id without a number' 1 'allowed +no because +an id of the client has no number' \
	ntimp explain --pid "$background"
end_background
background "${as_alice[@]}"
check 'explain --thread' 1 "server +$background \(bash\) allowed +no because +the server lacks" \
	ntimp capture --user bob -- ntimp explain --thread "$background"
check 'explain --pid --thread' 0 "user +alice.*server +$background .*allowed +yes" \
	ntimp explain --pid "$background" --thread "$background"
end_background
check 'explain --thread: may not be asked' 77 'who the thread is may not be asked' \
	ntimp capture --user bob -- "${as_alice[@]}" ntimp explain -t 1
check 'explain --thread: none' 66 'no such process or thread' \
	ntimp capture --user bob -- ntimp explain -t 2147483647
check 'explain --pid: may not be asked' 77 'who it is may not be asked' \
	"${as_alice[@]}" ntimp explain --pid 1
check 'explain --pid: none' 66 'no such process or thread' ntimp explain --pid 2147483647
check 'explain: a context and --pid' 64 'either a context or --pid' ntimp explain 3 --pid 1
check 'explain: not a TID' 64 'wants a number' ntimp explain -t 0

# --- wearers and revoke -------------------------------------------------------
check 'show says how it stands' 0 'tracking +static used' ntimp capture --self
check 'wearers: nobody' 0 'from ids .*worn by +0 threads' \
	ntimp capture --user alice -- ntimp wearers
check_json 'wearers: nobody, --json' 0 '"revoked":false.*"wearers":\[ *\]' \
	ntimp capture --user alice -- ntimp wearers --json
check 'wearers' 0 'used +2 times.*worn by +2 threads +[0-9]+ \(wearer\) +[0-9]+ \(' \
	ntimp capture --user alice -- cli-test-wear ntimp wearers
check_json 'wearers PID/FD --json' 0 '"wearers":\[ *\{ *"tid":[0-9]+, *"name":"wearer" *\}' \
	ntimp capture --user alice -- cli-test-wear bash -c 'ntimp wearers $PPID/3 --json'
check 'revoke' 0 'ended +revoked used +0 times.*worn by +0 threads' \
	ntimp capture --user alice -- ntimp revoke
check_json 'revoke PID/FD --json' 0 '"revoked":true,.*"wearers":\[ *\{ *"tid"' \
	ntimp capture --user alice -- cli-test-wear bash -c 'ntimp revoke $PPID/3 --json'
check 'revoked: what the others get of it' 77 'the context was revoked' \
	ntimp capture --user alice -- bash -c 'ntimp revoke $$/3 >/dev/null; ntimp exec-as --context-fd 3 -- true'
check 'show: revoked, of another process' 0 'ended +revoked' \
	ntimp capture --user alice -- bash -c 'ntimp revoke >/dev/null; ntimp show $$/3'
check 'revoke: one of another user' 77 'made by another user' \
	ntimp capture --user bob -- "${as_alice[@]}" ntimp revoke
check 'revoke: ones own' 0 'ended +revoked' "${as_alice[@]}" ntimp capture --self -- ntimp revoke
check 'revoke: descriptors that may not be had' 77 'may not be had' "${as_alice[@]}" ntimp revoke 1/0
for command in explain wearers revoke; do
	check "$command: two of them" 64 'one context' ntimp $command 3 4
	check "$command: not a number" 64 'FD, or PID/FD' ntimp $command three
	check "$command: nothing open" 66 'no such descriptor' ntimp $command 9
	check "$command: not a context" 66 'is not a context' ntimp $command 0
	check "$command: no such process" 66 'no such process' ntimp $command 2147483647/3
	check "$command: nothing open there" 66 'no such descriptor' ntimp $command 1/999
	check "$command: not a context there" 66 'is not a context' ntimp $command 1/0
done

# --- whoami -------------------------------------------------------------------
check 'whoami: the peer' 0 'user +alice\(1001\) group +bob\(1002\)' \
	cli-test-peer 1001:1001:1001 1002 ntimp whoami
check_json 'whoami --json' 0 '"socket_fd":0, *"client":\{.*"real":0, *"effective":1001, *"saved":0' \
	cli-test-peer 0:1001:0 1002 ntimp whoami --json
check 'whoami --socket-fd' 0 'user +bob' \
	cli-test-peer 1002:1002:1002 1002 bash -c 'exec 7<&0 </dev/null; ntimp whoami -s 7'
check 'whoami: not a socket' 66 'not a socket' ntimp whoami
check 'whoami: not open' 66 'no such descriptor' ntimp whoami --socket-fd 9
check 'whoami: not a local socket' 66 'AF_UNIX' \
	bash -c 'exec 5<>/dev/udp/127.0.0.1/9; ntimp whoami --socket-fd 5'
check 'whoami PID' 0 'process 1 .*root\(0\).*no thread' ntimp whoami 1
check 'whoami PID: threads' 0 'user +root.*acts as .*level +impersonation .*user +bob.*acts as .*user +bob' \
	ntimp capture --user bob -- cli-test-wear bash -c 'ntimp whoami $PPID'
check_json 'whoami PID --json: threads with any name' 0 '"primary":\{ *"user":"root".*"impersonating":\[ *\{ *"tid":[0-9]+, *"name":"wearer",.*"user":"bob".*"name":"a\\"\\\\\?\[\?",.*"user":"bob"' \
	ntimp capture --user bob -- cli-test-wear bash -c 'ntimp whoami $PPID --json'
check_json 'whoami PID, unprivileged' 77 '"primary":\{ *"user":"root".*"impersonating":null' \
	"${as_alice[@]}" ntimp whoami 1 --json
# Its first thread only waits for the command.
worn_by='tid=$(ntimp whoami $PPID | sed -nE "s/^thread ([0-9]+) .wearer.*/\1/p")'
check 'revert' 0 'is itself again.*user +bob.*thread [0-9]+ .wearer. is itself $' \
	ntimp capture --user bob -- cli-test-wear bash -c "$worn_by; ntimp revert \$tid; ntimp revert \$tid"
check_json 'revert --json' 0 '"tid":[0-9]+, *"name":"wearer", *"context":\{.*"client":\{.*"user":"bob"' \
	ntimp capture --user bob -- cli-test-wear bash -c "$worn_by; ntimp revert --json \$tid"
check_json 'revert --json: nothing' 0 '"tid":1,.*"context":null, *"client":null' ntimp revert --json 1
check 'revert, unprivileged' 77 'right to trace' "${as_alice[@]}" ntimp revert 1
check 'revert: a kernel thread' 77 "thread of the kernel's" ntimp revert 2
check 'revert: no such thread' 66 'no such process or thread' ntimp revert 2147483647
check 'revert: not a TID' 64 'positive number' ntimp revert 0
check 'revert: no TID' 64 'number of a thread is needed' ntimp revert
check 'revert: a stopped process' 75 'could not be reached' \
	bash -c 'sleep 1000 & kill -STOP $!; ntimp revert $!; status=$?; kill -KILL $!; exit $status'

check 'whoami: no such process' 66 'no such process' ntimp whoami 2147483647
check 'whoami: not a PID' 64 'positive number' ntimp whoami 0
check 'whoami: PID and socket' 64 'either' ntimp whoami 1 -s 0

# --- exec-as: the identity ----------------------------------------------------
check 'exec-as --user: ids' 0 "$(ids 1001 1001)" ntimp exec-as --user alice -- bash -c "$state"
check 'exec-as --user: groups' 0 'Groups: 1001 2000 ' ntimp exec-as --user alice -- bash -c "$state"
check 'exec-as --user: no capability, none to gain' 0 "CapInh: $empty CapPrm: $empty CapEff: $empty CapBnd: $empty CapAmb: $empty NoNewPrivs: 1" \
	ntimp exec-as --user alice -- bash -c "$state"
check 'exec-as --uid' 0 "$(ids 4711 1002).*Groups: 5 2000 " \
	ntimp exec-as --uid 4711 --gid 1002 --groups staff,5 -- bash -c "$state"
check 'exec-as --uid drops all groups' 0 'Groups: +NStgid' \
	ntimp exec-as --uid 1001 --gid 1001 -- bash -c "$state"
check 'exec-as user 0 by number has no capability' 0 "$(ids 0 0).*CapPrm: $empty CapEff: $empty CapBnd: $empty" \
	ntimp exec-as --uid 0 --gid 0 -- bash -c "bash -c '$state'"
check 'exec-as --anonymous' 0 "$(ids 65534 65534)" ntimp exec-as --anonymous -- bash -c "$state"
check 'exec-as --peer-fd' 0 "$(ids 1001 1002)" \
	cli-test-peer 1001:1001:1001 1002 ntimp exec-as --peer-fd 0 -- bash -c "$state"
check 'exec-as --context-fd' 0 "$(ids 1002 1002)" \
	ntimp capture --user bob -e -- ntimp exec-as --context-fd 3 -- bash -c "$state"
background ntimp exec-as --user bob --
check 'exec-as --pid' 0 "$(ids 1002 1002).*Groups: 1002 2000 " \
	ntimp exec-as --pid "$background" -- bash -c "$state"
end_background

# --- exec-as: capabilities ----------------------------------------------------
background "$as_carol" +net_bind_service
check 'exec-as with capabilities, over two execs' 0 "$(ids 1003 1003).*CapInh: 0000000000000400 CapPrm: 0000000000000400 CapEff: 0000000000000400 CapBnd: 0000000000000400 CapAmb: 0000000000000400" \
	ntimp exec-as --pid "$background" -- bash -c "bash -c '$state'"
check 'exec-as --caps none' 0 "CapPrm: $empty CapEff: $empty" \
	ntimp exec-as --pid "$background" --caps none -- bash -c "$state"
check 'exec-as --caps of more than the client has' 77 'does not have' \
	ntimp exec-as --pid "$background" --caps net_bind_service,chown -- true
end_background
check 'exec-as --self as root' 0 "CapPrm: $full CapEff: $full CapBnd: $full" \
	ntimp exec-as --self -- bash -c "$state"
check 'exec-as --caps of user 0' 0 "CapPrm: 0000000000002001 CapEff: 0000000000002001 CapBnd: 0000000000002001" \
	ntimp exec-as --self --caps CAP_CHOWN,net_raw -- bash -c "bash -c '$state'"
check 'exec-as: no such capability' 64 'chown,' ntimp exec-as --self --caps nonsense -- true
check 'exec-as --self for anybody' 0 "$(ids 1001 1001)" \
	"${as_alice[@]}" ntimp exec-as --self -- bash -c "$state"
check 'exec-as by one with two capabilities only' 0 "$(ids 1001 1001).*CapPrm: $empty" \
	"$as_carol" +setuid,+setgid ntimp exec-as --user alice -- bash -c "$state"
cp /bin/bash "$work/setuid-bash"
chmod 4755 "$work/setuid-bash"
check 'exec-as: set-user-ID has no effect' 0 '^1001 $' \
	ntimp exec-as --user alice -- "$work/setuid-bash" -pc 'echo $EUID'
check 'exec-as --allow-new-privs' 0 "^0 .*CapPrm: $full .*CapBnd: $full" \
	ntimp exec-as --user alice --allow-new-privs -- "$work/setuid-bash" -pc "echo \$EUID; $state"

# --- exec-as: what else goes to the command -----------------------------------
check 'exec-as: arguments and environment' 0 '^one  two \* value $' \
	env VARIABLE=value ntimp exec-as --user alice -- bash -c 'echo "$1 $2 $VARIABLE"' - 'one ' 'two *'
check 'exec-as closes descriptors' 0 '^no $' bash -c 'exec 7</etc/shadow
	ntimp exec-as --user alice -- bash -c "[ -e /proc/self/fd/7 ] && echo yes || echo no"'
check 'exec-as --keep-fds' 0 '^yes $' bash -c 'exec 7</etc/shadow
	ntimp exec-as --user alice -k -- bash -c "[ -e /proc/self/fd/7 ] && echo yes || echo no"'
check 'exec-as forgets the context' 0 '^gone $' ntimp capture --user alice -- \
	ntimp exec-as --context-fd 3 -- bash -c 'echo ${NTIMP_CONTEXT_FD-gone}'
if command -v keyctl >/dev/null; then
	session='key=$(keyctl add user ntimp-test secret @s)'
	check 'keyrings: a session hands its keys on' 0 'secret' \
		keyctl session - bash -c "$session; setpriv --reuid 1001 keyctl print \$key"
	check 'exec-as: not the keys of the session' 1 '!secret' \
		keyctl session - bash -c "$session; ntimp exec-as --user alice -- keyctl print \$key"
fi

# --- exec-as: statuses and refusals -------------------------------------------
check 'exec-as: status of the command' 42 '' ntimp exec-as --user alice -- bash -c 'exit 42'
check 'exec-as: a signal that ends the command' 143 '' \
	bash -c 'ntimp exec-as --user alice -- bash -c "kill \$\$"; exit $?'
check 'exec-as: no such command' 127 'no such command' ntimp exec-as --user alice -- nonsense-command
check 'exec-as: not executable' 126 'may not be executed' ntimp exec-as --user alice -- /etc/passwd
cp /bin/bash "$work/root-only"
chmod 700 "$work/root-only"
check 'exec-as: not executable for the client' 126 'may not be executed' \
	ntimp exec-as --user alice -- "$work/root-only"
check 'exec-as: no client' 64 'as whom' ntimp exec-as -- true
check 'exec-as: nothing to start' 64 'a command is needed' ntimp exec-as --user alice
check 'exec-as: unknown user' 67 'no such user' ntimp exec-as --user nonsense -- true
check 'exec-as: level too low' 77 'level identification' \
	ntimp capture --user alice -l identification -- ntimp exec-as --context-fd 3 -- true
for uids in 0:1001:0 0:1001:1001 1001:1001:0 1001:1002:1002; do
	check "exec-as: no command could keep $uids" 65 "users ${uids//:/, }, .*no command could keep" \
		cli-test-peer $uids 1001 ntimp exec-as --peer-fd 0 -- true
done
check 'exec-as: not a context' 66 'not a context' ntimp exec-as --context-fd 0 -- true
check 'exec-as: user, unprivileged' 77 'CAP_SETUID and CAP_SETGID' \
	"${as_alice[@]}" ntimp exec-as --user bob -- true
check 'exec-as: what the gate refuses' 77 'takes CAP_SETUID CAP_SETGID' \
	ntimp capture --user bob -- "${as_alice[@]}" ntimp exec-as --context-fd 3 -- true
check 'exec-as: one of the two is not enough' 77 'takes CAP_SETGID' \
	ntimp capture --user bob -- "$as_carol" +setuid ntimp exec-as --context-fd 3 -- true
check 'exec-as: a root client of a server that is not' 77 'the client is root, and who calls is not' \
	ntimp capture --self -- "$as_carol" +setuid,+setgid ntimp exec-as --context-fd 3 -- true
background unshare --user --map-root-user
check 'exec-as: another user namespace' 77 'of user namespace [0-9]+, not of this one' \
	ntimp exec-as --pid "$background" -- true
end_background

# --- other modules, and none --------------------------------------------------
reload() { rmmod ntimp && insmod /lib/modules/ntimp.ko "$@"; }
check 'reload: root clients, mode 0600' 0 '' reload allow_root_clients=1 mode=0600
check 'status says what is loosened' 0 'loosened +allow_root_clients .*mode 0600' ntimp status
check 'status for who may not open the device' 69 'Permission denied: you may not open it.*usable +no' \
	"${as_alice[@]}" ntimp status
check 'capture by who may not open the device' 77 'mode was narrowed' \
	"${as_alice[@]}" ntimp capture --self
check 'reload: consent' 0 '' reload consent=1
check 'explain: consent' 0 'allowed +yes: the client consents because +the server lacks' \
	cli-test-consent "${as_alice[@]}" ntimp explain
check 'status: consent counts' 0 'loosened +consent .*who holds it' ntimp status
check 'unload' 0 '' rmmod ntimp
check_json 'status without the module' 69 '"usable":false, *"loaded":false, *"device":null,.*"module":null' \
	ntimp status --json
check 'status: a kernel that suits' 69 'not loaded.*suits the module' in_private '
	mount -t tmpfs none /boot 2>/dev/null || { mkdir /boot && mount -t tmpfs none /boot; }
	printf "CONFIG_%s=y\n" MODULES KALLSYMS KPROBES TRACEPOINTS DYNAMIC_FTRACE_WITH_ARGS \
		>/boot/config-$(uname -r)
	[ ! -e /proc/config.gz ] || mount --bind /boot/config-$(uname -r) /proc/config.gz
	ntimp status'
check 'status: a kernel that does not' 69 'does not suit.*lacks CONFIG_KPROBES.*lacks CONFIG_DYNAMIC_FTRACE_WITH_ARGS and' in_private '
	mkdir -p /boot; mount -t tmpfs none /boot
	printf "CONFIG_%s=y\n" MODULES KALLSYMS TRACEPOINTS KPROBES_ON_FTRACE >/boot/config-$(uname -r)
	[ ! -e /proc/config.gz ] || mount --bind /boot/config-$(uname -r) /proc/config.gz
	ntimp status'
# What is installed, on a machine that wants signatures: of a module, of DKMS's source, of
# its key, in this order; "-" is what isn't there.
installed() { # MODULE SOURCE KEY [COMMAND]
	in_private "
		mount -t tmpfs none /lib/modules
		dir=/lib/modules/\$(uname -r)/updates
		mkdir -p \$dir \$dir/../build
		case $1 in -) ;; *) printf 'kernel/fs/x.ko:\nupdates/ntimp.ko: kernel/fs/x.ko\n' >\$dir/../modules.dep ;; esac
		case $1 in
		signed) printf '%0100000d~Module signature appended~\n' 0 >\$dir/ntimp.ko ;;
		unsigned) printf '%0100000d~Module signature appended~\n.' 0 >\$dir/ntimp.ko ;;
		esac
		mkdir -p /usr/src /var/lib/dkms
		mount -t tmpfs none /usr/src
		mount -t tmpfs none /var/lib/dkms
		case $2 in -) ;; *) mkdir /usr/src/ntimp-1.2.3; : >/usr/src/ntimp-1.2.3/dkms.conf ;; esac
		case $2 in headers) : >\$dir/../build/Makefile ;; esac
		mount -t tmpfs none /sys/firmware
		vars=/sys/firmware/efi/efivars shim=605dab50-e046-4300-abb6-3dd810dd8b23
		mkdir -p \$vars
		printf '\6\0\0\0\1' >\$vars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
		printf 'list of others' >\$vars/MokListRT-\$shim
		case $3 in -) ;; *) printf 'the\0key' >/var/lib/dkms/mok.pub ;; esac
		case $3 in
		pending) printf 'before the\0key after' >\$vars/MokNew-\$shim ;;
		enrolled) printf 'before the\0key after' >\$vars/MokListRT-\$shim ;;
		unknown) rm -r \$vars ;;
		esac
		mount -t tmpfs none /sys/module; mkdir -p /sys/module/module/parameters
		echo Y >/sys/module/module/parameters/sig_enforce
		${4-ntimp status}"
}
release=$(uname -r)
release=${release//+/\\+}
check 'status: nothing is installed' 69 'no module for this kernel .*apt-get install ntimp-dkms' \
	installed - - -
check 'status: no headers' 69 "no module for.*apt-get install linux-headers-$release" \
	installed - source -
check 'status: not built' 69 "dkms install ntimp/1\.2\.3 -k $release .*/1\.2\.3/build/make.log" \
	installed - headers -
check 'status: signatures enforced' 69 'updates/ntimp\.ko, not signed .*sign it with a key .*sign-file sha256 .*mokutil --import' \
	installed unsigned - -
check 'status: DKMS has not signed it' 69 "not signed .*dkms build --force ntimp/1\.2\.3 -k $release" \
	installed unsigned headers -
check "status: DKMS's key is not trusted" 69 "ko, signed .*DKMS's key +not-enrolled .*mokutil --import /var/lib/dkms/mok\.pub" \
	installed signed headers missing
check "status: DKMS's key waits" 69 "ko, signed .*DKMS's key +pending .*start this machine anew" \
	installed signed headers pending
check "status: nobody knows of DKMS's key" 69 "DKMS's key +unknown .*without module\.sig_enforce" \
	installed signed headers unknown
check "status: DKMS's key is trusted" 69 "ko, signed DKMS's key +enrolled usable" \
	installed signed headers enrolled
check_json 'status --json: all that is installed' 69 \
	'"path":"[^"]*/updates/ntimp\.ko", *"signed":true, *"headers":true, *"dkms":"1\.2\.3", *"dkms_key":"enrolled"' \
	installed signed headers enrolled 'ntimp status --json'
check_json 'status --json: nothing that is installed' 69 \
	'"path":null, *"signed":null, *"headers":false, *"dkms":null, *"dkms_key":"none"' \
	installed - - - 'ntimp status --json'
for command in 'list' 'top' 'explain --pid 1' 'whoami 1' 'revert 1' 'capture --self' 'exec-as --self -- true'; do
	check "$command without the module" 69 'modprobe ntimp' bash -c "ntimp $command"
done
check 'load again' 0 '' insmod /lib/modules/ntimp.ko
check 'and it is usable' 0 'usable +yes' ntimp status

printf '1..%d\n' $number
[ $failures = 0 ]
