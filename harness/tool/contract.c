/* A function of which everything is said that the vocabulary has words for, and another. */
#include <linux/kernel_api_spec.h>

KAPI_CONDITION(too_long, (int, a, unsigned long, len), len > 4096);
KAPI_CONDITION(no_room, (int, a, unsigned long, len), len > 2048);
KAPI_CONDITION(needs_it, (int, a), a > 7);
KAPI_CONDITION(is_done, (int, a), result == a);
KAPI_CONDITION(is_odd, (int, a), a & 1);
KAPI_CONDITION(may_wait, (int, a), a & 2);
KAPI_VALUE(level, (), 3);
KAPI_VALUE(other, (), 4);

DEFINE_KERNEL_API_SPEC(first)
	KAPI_DESCRIPTION("Do something")
	KAPI_LONG_DESC("It takes a while.")
	KAPI_CONTEXT(KAPI_CTX_PROCESS | KAPI_CTX_SOFTIRQ)
	KAPI_MAY_SLEEP_IF(may_wait)
	KAPI_FAILURE_ATOMIC
	KAPI_CHECKED_IN_ORDER
	KAPI_RETURNS(int, KAPI_RETURN_RANGE, "how much", .success_min = 0, .success_max = 7)
	KAPI_ARG(int, a, "the first", KAPI_BETWEEN(0, 100, -EINVAL))
	KAPI_MAY_FAIL_IF(-ENOMEM, no_room)
	KAPI_ARG(unsigned long, len, "the second", KAPI_BITS(0x7, -EINVAL))
	KAPI_FAILS(-EINVAL, "a or len is not valid", KAPI_ONLY)
	KAPI_FAILS(-ENOMEM, "there is no room")
	KAPI_FAILS(-EPERM, "not everybody may")
	KAPI_FAILS(-EINTR, "a signal came")
	KAPI_LACKS(-EPERM, CAP_SYS_ADMIN, needs_it, .without = "it is refused")
	KAPI_FAILS_IF(-EINVAL, too_long, KAPI_EARLY)
	KAPI_INTERRUPTED(-EINTR, KAPI_SIGNAL_ANY_FATAL, "while it waits")
	KAPI_SENDS(SIGXCPU, "it took too long")
	KAPI_TAKES(big_lock, KAPI_LOCK_MUTEX, "big_lock", KAPI_FOR_WRITE)
	KAPI_TAKES(small_lock, KAPI_LOCK_SPINLOCK, "small_lock", .always = true)
	KAPI_CHANGES(level, KAPI_NOT_INCREASED, "the level", "does not rise", KAPI_UNLESS(is_odd))
	KAPI_CHANGES(other, KAPI_INCREASES, "the other", "rises")
	KAPI_STATE_TRANS(0, "it", "raw", "done", "is done")
	KAPI_STATE_TRANS_END
	KAPI_ENSURES(is_done)
KAPI_END_SPEC;

DEFINE_KERNEL_API_SPEC(second)
	KAPI_DESCRIPTION("Do something else")
	KAPI_CONTEXT(KAPI_CTX_PROCESS)
	KAPI_RETURNS(int, KAPI_RETURN_EXACT, "0")
	KAPI_ARG(int, x, "from left to right")
	KAPI_ARG(int, y, "from top to bottom")
	KAPI_OTHER_ERRORS("what ->else() returns")
KAPI_END_SPEC;
