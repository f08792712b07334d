# What one can do with the series. The work is done by the scripts in harness/.
#   BASE=7.3      the kernel to work on: 7.3, 7.2 or 6.12
#   KSRC=DIR      one's own kernel tree instead
#   FLAVOUR=NAME  for build and shell: uml, x86 or another of harness/flavours/
#   JOBS=N        parallel jobs of a build (default: the number of processors)
#   KAPI_CACHE=DIR  where downloads are kept
export BASE BASES KSRC FLAVOUR FLAVOURS JOBS MUTANTS CALLS SECONDS_EACH ARCHS COMPILERS STEPS
export KAPI_CACHE KAPI_CHECKS KAPI_SUITE KAPI_NO_SETUP

.PHONY: help demo check check-series bases matrix bench mutants stress faults
.PHONY: stage build series apply kunit shell clean distclean
.NOTPARALLEL:

help:
	@cat harness/help

setup-%:
	@harness/setup.sh $*

demo: setup-demo
	@harness/demo.sh

check: setup-check
	@harness/check.sh

mutants: setup-demo
	@harness/mutants.sh

check-series bases bench stress faults: setup-check
	@harness/$@.sh

matrix:
	@harness/setup.sh check matrix
	@harness/matrix.sh

stage series apply kunit: setup-demo
	@harness/$@.sh

build shell: setup-$(or $(findstring x86,$(FLAVOUR)),$(findstring arm64,$(FLAVOUR)),demo)
	@harness/$@.sh

clean:
	@harness/clean.sh

distclean: clean
	@harness/distclean.sh
