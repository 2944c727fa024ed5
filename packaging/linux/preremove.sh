#!/bin/sh
# Before the files go: "remove" on Debian, 0 with rpm. An upgrade stops nothing.
set -e

if [ "$1" = remove ] || [ "$1" = 0 ]; then
	if [ -d /run/systemd/system ]; then
		systemctl disable --now progress_exporter.socket progress_exporter.service || true
	fi
fi
