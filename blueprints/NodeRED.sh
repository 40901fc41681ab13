#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Node-RED
# aikore.category = Automation
# aikore.description = Flow-based automation in the browser: wires devices, web services and AI apps together.
# aikore.venv_type = none
# aikore.base_path = true
# aikore.start_timeout = 120
### AIKORE-METADATA-END ###

# Installs Node-RED from the npm registry into ./app of the instance folder. Flows and settings are in ./node-red.
set -euo pipefail

: "${AIKORE_BLUEPRINT_LIB:?must name the folder blueprints/lib}"
: "${INSTANCE_CONF_DIR:?must name the folder of the instance}"
# shellcheck source-path=SCRIPTDIR source=lib/aikore.sh
source "$AIKORE_BLUEPRINT_LIB/aikore.sh"

readonly VERSION="${NODE_RED_VERSION:-4.1.15}"
readonly APP="$INSTANCE_CONF_DIR/app"
readonly DATA="$INSTANCE_CONF_DIR/node-red"
# What npm fetches for this release: a description and an archive for each of about 275 packages.
readonly FETCHES=550

# Passes npm's lines on, except those that name a fetched address: these move the progress bar.
follow_npm() {
  local line count=0
  declare -A seen=()
  while IFS= read -r line || [[ -n "$line" ]]; do
    if [[ "$line" =~ ^npm\ http\ [^/]*(//[^ ]+) ]]; then
      [[ -z "${seen[${BASH_REMATCH[1]}]:-}" ]] || continue
      seen[${BASH_REMATCH[1]}]=1
      count=$((count + 1))
      if ((count % 5 == 0)); then
        ak_progress "$count" "$FETCHES" "Downloading packages, $count of about $FETCHES files"
      fi
    else
      printf '%s\n' "$line"
    fi
  done
}

install_app() {
  mkdir -p "$APP" &&
    npm install --prefix "$APP" "node-red@$VERSION" --loglevel=http \
      --ignore-scripts --no-audit --no-fund --no-update-notifier --no-progress 2>&1 | follow_npm &&
    ak_progress 1 1 "Packages are in place"
}

# Written once, so that a person's changes stay. Where it listens is decided below, by -D.
write_settings() {
  mkdir -p "$DATA" || return
  [[ ! -e "$DATA/settings.js" ]] || return 0
  cat >"$DATA/settings.js.new" <<'SETTINGS' && mv "$DATA/settings.js.new" "$DATA/settings.js"
// Settings of this Node-RED; see https://nodered.org/docs/user-guide/runtime/configuration
// AiKore chooses uiHost and uiPort: what is written for them here does not count.
module.exports = {
  flowFile: 'flows.json',
  flowFilePretty: true,
  // AiKore's proxy takes the path of the instance off, and the editor's own links are relative: it works at both.
  httpAdminRoot: '/',
  httpNodeRoot: '/',
  telemetry: { enabled: false, updateNotification: false },
  diagnostics: { enabled: true, ui: true },
  externalModules: { autoInstall: false },
  editorTheme: {
    tours: false,
    page: { title: process.env.INSTANCE_NAME || 'Node-RED' },
    header: { title: process.env.INSTANCE_NAME || 'Node-RED' },
  },
  logging: { console: { level: 'info', metrics: false, audit: false } },
};
SETTINGS
}

[[ "${WEBUI_PORT:-}" =~ ^[0-9]+$ ]] || ak_die "WEBUI_PORT must hold the port that Node-RED is served on."

ak_install_steps 3
ak_step "Looking for Node.js and npm"
ak_require node "Install Node.js 18.5 or newer and start again."
ak_require npm "It comes with Node.js; on Debian it is a package of its own: apt install npm."
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 18 || (a === 18 && b >= 5) ? 0 : 1)' ||
  ak_die "Node-RED $VERSION needs Node.js 18.5 or newer; this is $(node --version)."

ak_step "Installing Node-RED $VERSION"
ak_done_once node-red --input "$VERSION" --creates "$APP/node_modules/node-red/red.js" -- install_app ||
  ak_die "npm could not install Node-RED; its reason stands above. Check the network and the npm registry, then start again."

ak_step "Preparing the settings"
write_settings || ak_die "The settings cannot be written to $DATA. Check its owner, and the space on the disk."

ak_launch "Starting Node-RED $VERSION on port $WEBUI_PORT"
cd "$INSTANCE_CONF_DIR"
exec node "$APP/node_modules/node-red/red.js" --userDir "$DATA" --settings "$DATA/settings.js" --no-telemetry \
  -D uiHost=127.0.0.1 -D "uiPort=$WEBUI_PORT"
