#!/bin/sh
# Writes down who it is (process id, start time in clock ticks, boot), then becomes COMMAND.
# So a process that outlived its supervisor is found again, and never mistaken for another one.
# usage: recorded.sh RECORD COMMAND…
set -eu
record=$1
shift
echo "$$ $(cut -d ' ' -f 22 /proc/$$/stat) $(cat /proc/sys/kernel/random/boot_id)" >"$record.new"
mv "$record.new" "$record"
exec "$@"
