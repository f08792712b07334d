# Turns KTAP into this project's result lines. It reads a kernel log, with or
# without time stamps, or a program's output.
#   awk -v depth=N -v prefix=NAME -f ktap.awk FILE
# depth: how deep the test cases stand, 0 for a flat list, 1 for KUnit's suites.
# prefix: goes before each name. Fewer results than a plan promises is a failure.

function finish_plan() {
	if (planned > seen)
		print "not ok " prefix suite " - " planned - seen " of " planned " tests never reported"
	planned = seen = 0
}

BEGIN { indent = sprintf("%" (4 * depth) "s", "") }

{ sub(/^(<[0-9]+>)?\[ *[0-9]+\.[0-9]+\](\[[^]]*\])? /, ""); sub(/\r$/, "") }

# Only what stands at the depth asked for.
substr($0, 1, length(indent)) != indent { next }
{ line = substr($0, length(indent) + 1) }

line ~ /^# Subtest: / { suite = substr(line, 12) "."; why = ""; next }
line ~ /^1\.\.[0-9]+/ { finish_plan(); planned = substr(line, 4) + 0; next }

line ~ /^(not )?ok [0-9]+/ {
	seen++
	total++
	good = line ~ /^ok/
	sub(/^(not )?ok [0-9]+ (- )?/, "", line)
	reason = ""
	if (match(line, / # /)) {
		reason = substr(line, RSTART + 3)
		line = substr(line, 1, RSTART - 1)
	}
	name = prefix suite line
	if (reason ~ /^SKIP/)
		print "skip " name " - " substr(reason, 6)
	else if (good)
		print "ok " name
	else
		print "not ok " name " - " (why ? why : reason ? reason : "see the log")
	why = ""
	next
}

# The first diagnostic line before a failure says why.
line ~ /^# / && !why && line !~ /^# (module|Starting|Totals| RUN| +OK)/ { why = substr(line, 3) }

END {
	finish_plan()
	if (!total)
		print "not ok " prefix "results - there are none in the output"
}
