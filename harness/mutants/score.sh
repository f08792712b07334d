# shellcheck shell=bash disable=SC2154 # sourced by mutants.sh
# What became of all mutants.

make_results() {
	local name
	while IFS=$'\t' read -r name _; do
		cat "$work/result/$name"
	done <"$work/list" >"$work/results"
}

print_table() {
	{
		printf 'mutant\t\tclause\tcaught by\tseconds\n'
		cat "$work/results"
	} | awk -F '\t' '
		{ how = $4 }
		NR > 1 && $2 != "caught" { how = $2 ": " $4 }
		{ printf "%-30s %-32s %-30s %7s\n", $1, $3, how, $5 }'
}

# Known survivors count as not caught: the score is what the validator sees. With
# MUTANTS set, the share is not checked.
score_mutant() {
	local caught all bad
	caught=$(grep -c $'^[^\t]*\tcaught\t' "$work/results" || true)
	all=$(grep -vc $'^[^\t]*\tskipped\t' "$work/results" || true)
	bad=$(awk -F '\t' '$2 == "missed" || $2 == "error" { print $1 }' "$work/results" | paste -sd ' ')
	echo
	echo "mutants: $caught of $all caught, right clause named"
	[ -z "$bad" ] || die "missed: $bad" "their logs are in $work/log/"
	[ -n "${MUTANTS:-}" ] || [ $((caught * 100)) -ge $((all * 95)) ] || die "fewer than 95 % were caught"
}

# None may be reported, nor fail a test.
score_control() {
	local passed all
	passed=$(grep -c $'^[^\t]*\tpassed\t' "$work/results" || true)
	all=$(wc -l <"$work/results")
	echo
	echo "controls: $passed of $all passed"
	[ "$passed" = "$all" ] || die "a correct rewrite is reported, or fails a test" "the logs are in $work/log/"
}
