# Entry points only: the scripts in harness/ do the work.
#   BASE=7.3      the kernel to work on: 7.3, 7.2 or 6.12
#   KSRC=DIR      a copy of your own kernel tree instead, with the series
#   TREE=DIR      for build, shell, explore, tool: your tree with the series
#   FLAVOUR=NAME  for build and shell: uml, x86 or another of harness/flavours/
#   JOBS=N        parallel jobs of a build (default: the number of processors)
#   KAPI_CACHE=DIR  where downloads are kept
export BASE BASES KSRC TREE FLAVOUR FLAVOURS JOBS MUTANTS CALLS SECONDS_EACH ARCHS COMPILERS STEPS
export SEED CASES KAPI_CACHE KAPI_CHECKS KAPI_SUITE KAPI_NO_SETUP

.PHONY: help demo check check-series bases matrix bench mutants controls stress campaign faults explore
.PHONY: stage build series apply kunit tool shell clean distclean
.NOTPARALLEL:

# Refuse TREE for the commands that would silently ignore it.
ifeq ($(origin TREE),command line)
ifneq ($(filter-out build shell explore tool,$(or $(MAKECMDGOALS),help)),)
$(error TREE=DIR goes with make build, shell, explore and tool only)
endif
endif

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

controls: setup-demo
	@harness/mutants.sh controls

check-series bases bench stress campaign faults explore: setup-check
	@harness/$@.sh

matrix:
	@harness/setup.sh check matrix
	@harness/matrix.sh

stage series apply kunit tool: setup-demo
	@harness/$@.sh

build shell: setup-$(or $(findstring x86,$(FLAVOUR)),$(findstring arm64,$(FLAVOUR)),demo)
	@harness/$@.sh

clean:
	@harness/clean.sh

distclean: clean
	@harness/distclean.sh
