/* What the vocabulary takes from the kernel's headers and tools/include does not have. */
#include <linux/kernel.h>
#include <linux/errno.h>

#define __section(name)		__attribute__((section(name)))
#undef __used
#define __used			__attribute__((used))
#define __ADDRESSABLE(symbol)						\
	static const void *const __used __section(".discard.addressable")	\
	CONCATENATE(addressable, __COUNTER__) = &symbol;
#define SIGXCPU			24
#define __diag_push()
#define __diag_pop()
#define __diag_error(...)
#undef IS_ENABLED
#define IS_ENABLED(option)	0
