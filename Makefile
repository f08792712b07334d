# What one can do with the series. The work is done by the scripts in harness/.
#   BASE=7.3      the kernel to work on: 7.3, 7.2 or 6.12
#   KSRC=DIR      one's own kernel tree instead
#   FLAVOUR=NAME  for build and shell: uml, x86 or another of harness/flavours/
#   JOBS=N        parallel jobs of a build (default: the number of processors)
#   KAPI_CACHE=DIR  where downloads are kept
export BASE KSRC FLAVOUR JOBS MUTANTS KAPI_CACHE KAPI_CHECKS KAPI_SUITE KAPI_NO_SETUP

.PHONY: help demo check stage build series apply kunit mutants shell clean distclean
.NOTPARALLEL:

help:
	@cat harness/help

setup-%:
	@harness/setup.sh $*

demo: setup-demo
	@harness/demo.sh

check: setup-check
	@harness/check.sh

stage series apply kunit mutants: setup-demo
	@harness/$@.sh

build shell: setup-$(or $(findstring x86,$(FLAVOUR)),demo)
	@harness/$@.sh

clean:
	rm -rf build

distclean: clean
	@harness/distclean.sh
