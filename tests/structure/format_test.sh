#!/usr/bin/env bash
# format_test.sh CHECKOUT — the checkout is formatted, and scripts/format and the hook find what is not.
set -euo pipefail
checkout=$1
"$checkout/scripts/format" --check

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
  echo "format_test: $*" >&2
  exit 1
}

mkdir "$work/scripts"
cp -r "$checkout/scripts/format" "$checkout/scripts/hooks" "$work/scripts/"
cp "$checkout/.clang-format" "$work/"
cd "$work"
git init --quiet
printf 'int good() { return 1; }\n' >good.cpp
printf 'int   bad( ) {return 1;}\n' >bad.cpp
git add good.cpp bad.cpp
for mode in --check --staged; do
  if output=$(scripts/format "$mode" 2>&1); then fail "$mode passes over a file that is not formatted"; fi
  [[ $output == *"not formatted: bad.cpp"* && $output != *good.cpp* ]] || fail "$mode says: $output"
done
if scripts/hooks/pre-commit 2>/dev/null; then fail "the hook lets a file pass that is not formatted"; fi

printf 'int bad() { return 1; }\n' >bad.cpp # mended, but not staged
if scripts/format --staged 2>/dev/null; then fail "--staged reads the working tree"; fi
git add bad.cpp
scripts/hooks/pre-commit || fail "the hook refuses formatted files"
printf 'int   bad( ) {return 1;}\n' >bad.cpp
scripts/format
scripts/format --check || fail "it does not format"
