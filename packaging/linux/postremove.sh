#!/bin/sh
# "purge" is Debian's alone. The user stays: files somewhere else may be its own.
set -e

if [ "$1" = purge ]; then
	rm -rf /var/lib/progress_exporter
fi
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload || true
fi
