#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Diagnostics
# aikore.category = Tools
# aikore.description = Checks what an app gets here: environment, GPU pin, folders, and WebSockets, streams, uploads and links through the proxy.
# aikore.venv_type = none
# aikore.base_path = true
# aikore.start_timeout = 60
# aikore.health_path = /health
### AIKORE-METADATA-END ###

# Knobs, here or in launch_args.txt of the instance folder: --ready-after SECONDS, --exit-after SECONDS --exit-code N,
# --spew LINES_PER_SECOND. Or as DIAGNOSTICS_READY_AFTER and so on in the environment.
set -euo pipefail

: "${AIKORE_BLUEPRINT_LIB:?must name the folder blueprints/lib}"
# shellcheck source-path=SCRIPTDIR source=lib/aikore.sh
source "$AIKORE_BLUEPRINT_LIB/aikore.sh"

ak_require python3 "Install Python 3.9 or newer (on Debian: apt install python3) and start again."
[[ "${WEBUI_PORT:-}" =~ ^[0-9]+$ ]] || ak_die "WEBUI_PORT must hold the port that the page is served on."

ak_launch "Starting the diagnostics page on port $WEBUI_PORT"
# -B: the folder of shipped blueprints may be read-only. -u: lines reach the log at once.
exec python3 -B -u "$AIKORE_BLUEPRINT_LIB/diagnostics" "$@"
