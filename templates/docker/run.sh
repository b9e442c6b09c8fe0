#!/bin/sh
# Rendered by spacectl.
# Starts the launcher as a container. Run it from its own folder. The secrets are in secrets.env, not in the command.
set -eu
cd "$(dirname "$0")"
exec docker run --detach --pull always --restart unless-stopped --stop-timeout 30 --name spacelift-launcher \
  --env-file secrets.env \
@options@  @image@
