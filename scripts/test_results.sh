# test_results.sh — runs tests and counts them. Sourced by ./test after bootstrap.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154 # root

passed=0
failed=0
skipped=0

count() { # PASSED FAILED SKIPPED
  passed=$((passed + $1))
  failed=$((failed + $2))
  skipped=$((skipped + $3))
}

# Cases of one test program from GoogleTest's report: "TESTS FAILURES SKIPPED".
gtest_cases() { # REPORT
  awk '
    function attribute(name) { return match($0, " " name "=\"[0-9]+") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) : 0 }
    /<testsuites / { tests = attribute("tests"); failures = attribute("failures") + attribute("errors") }
    /<testsuite /  { skipped += attribute("skipped") }
    END { print tests + 0, failures + 0, skipped + 0 }' "$1"
}

# The tests of a build folder through ctest. Programs of GoogleTest count by their cases, other tests as one each; a
# program that dies without a report is one failure.
run_ctest() { # FOLDER [CTEST ARGUMENT…]
  local folder=$1 reports=$1/test-reports name status tests failures skips
  shift
  rm -rf "$reports"
  mkdir -p "$reports"
  GTEST_OUTPUT=xml:$reports/ ctest --test-dir "$folder" --output-on-failure --no-tests=error \
    --output-junit "$reports/ctest.junit" "$@" </dev/null || true
  [[ -s $reports/ctest.junit ]] || count 0 1 0
  while read -r name status; do
    if [[ -s $reports/$name.xml ]]; then
      read -r tests failures skips < <(gtest_cases "$reports/$name.xml")
      [[ $status == fail && $failures == 0 ]] && tests=$((tests + 1)) failures=1 # after its last case
      count $((tests - failures - skips)) "$failures" "$skips"
    elif [[ $status == run ]]; then
      count 1 0 0
    elif grep -A 1 -F "name=\"$name\"" "$reports/ctest.junit" | grep -q SKIP_RETURN_CODE; then
      count 0 0 1
    else
      count 0 1 0
    fi
  done < <(sed -nE 's/.*<testcase name="([^"]*)".* status="([a-z]*)".*/\1 \2/p' "$reports/ctest.junit")
}

# Every case of a folder of golden data. The program's last line holds the numbers.
run_golden() { # FOLDER
  local log=$root/build/golden.log numbers
  "$root/build/bin/golden_test" "$1" | tee "$log" || true
  numbers=$(sed -nE 's/^golden: ([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p' "$log")
  # shellcheck disable=SC2086 # three numbers
  count ${numbers:-0 1 0}
}

# Every fuzz target for some seconds, as many at a time as there are processors. One that finds something is a failure.
run_fuzzers() { # FOLDER SECONDS
  local fuzzer name seeds job
  local -A jobs=()
  for fuzzer in "$1"/bin/*_fuzzer; do
    name=$(basename "$fuzzer")
    mkdir -p "$1/corpus/$name"
    seeds=("$1/corpus/$name")
    [[ ! -d $root/tests/fuzz/seeds/${name%_fuzzer} ]] || seeds+=("$root/tests/fuzz/seeds/${name%_fuzzer}")
    while (($(jobs -rp | wc -l) >= $(nproc))); do sleep 0.2; done
    EASEL_THREADS=1 "$fuzzer" -max_total_time="$2" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
      -artifact_prefix="$1/corpus/$name." "${seeds[@]}" >"$1/$name.log" 2>&1 </dev/null &
    jobs[$name]=$!
  done
  for name in "${!jobs[@]}"; do
    job=${jobs[$name]}
    if wait "$job"; then
      echo "fuzz  $name  $(sed -nE 's/^stat::number_of_executed_units: *//p' "$1/$name.log") runs, nothing found"
      count 1 0 0
    else
      tail -n 30 "$1/$name.log"
      count 0 1 0
    fi
  done
}

print_summary() { echo "$passed passed, $failed failed$( ((skipped)) && echo ", $skipped skipped")"; }
