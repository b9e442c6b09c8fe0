#!/bin/sh
# Runs a command with the current Node LTS first on the PATH.
set -eu
bin=$(sh "$(dirname "$0")/../../build/lts/bin.sh")
PATH="$bin:$PATH" exec "$@"
