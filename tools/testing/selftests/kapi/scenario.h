/* SPDX-License-Identifier: GPL-2.0 */
/* Helpers for scenarios, most of them about mlock(); see also kapi_expect.h. */
#ifndef KAPI_SCENARIO_H
#define KAPI_SCENARIO_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/types.h>

#ifndef MLOCK_ONFAULT
#define MLOCK_ONFAULT	1
#endif
#ifndef MCL_ONFAULT
#define MCL_ONFAULT	4
#endif
#ifndef MAP_DROPPABLE
#define MAP_DROPPABLE	8
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#endif

#define MAX_TRIES	5000	/* of what needs a race */
#define MANY_PAGES	1024	/* that take long to fault in */
#define PAGES		64	/* more than fit into a batch of folios */

/* Unless the condition holds, prints it and makes the scenario return 1. */
#define GO(_condition)							\
	do {								\
		if (!(_condition)) {					\
			perror(#_condition);				\
			return 1;					\
		}							\
	} while (0)

/* The call must fail with this error. */
#define FAILS(_call, _errno)						\
	do {								\
		errno = 0;						\
		GO((_call) == -1 && errno == (_errno));			\
	} while (0)

typedef int (*scenario_fn)(void);

int run_alone(scenario_fn scenario);

size_t page_size(void);
char *map_alone(size_t pages, int flags);
char *map_file(size_t pages, size_t file_pages);
char *map_secret(size_t pages);
bool has_secret_memory(void);
char *map_device(size_t pages);
bool has_device_memory(void);
char *touch(char *p, size_t pages);
int mlock2_(void *p, size_t len, int flags);
long locked_kb(pid_t pid);

int set_limit(size_t bytes);
int drop_capability(void);
int use_up_maps(void);

int start_thread(pthread_t *thread, void *(*fn)(void *), void *arg);
int beside_threads(void *(*fn)(void *stop), scenario_fn scenario);
pid_t fork_to(void (*fn)(void));
void be_ready(void);
void wait_until_ready(pid_t pid);
void kill_and_wait(pid_t pid);
void kill_later(pid_t pid, int try);
void hold_mmap_lock_in_thread(void);
char *absent_again(void);
int call_under_signals(scenario_fn call);
int call_beside_signals(scenario_fn call);
bool can_delay_faults(void);
bool delay_faults(char *p, size_t pages);
int open_userfaultfd(unsigned long features);
bool register_missing(int uffd, const char *p, size_t pages);
bool wait_for_fault(int uffd);

#endif /* KAPI_SCENARIO_H */
