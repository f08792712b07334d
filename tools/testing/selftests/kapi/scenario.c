// SPDX-License-Identifier: GPL-2.0
/* Helpers for scenarios, most of them about mlock(). */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/capability.h>
#include <linux/userfaultfd.h>

#include "scenario.h"

#ifndef __NR_memfd_secret
#define __NR_memfd_secret	447
#endif

/* In a process of its own, where nothing else is locked: 0 if all went well. */
int run_alone(scenario_fn scenario)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(scenario());
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/* === Memory =============================================================== */

size_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

static char *map_at(char *p, size_t pages, int flags, int fd)
{
	p = mmap(p, pages * page_size(), PROT_READ | PROT_WRITE, flags, fd, 0);
	return p == MAP_FAILED ? NULL : p;
}

/* A mapping with unmapped space around it, so that it merges with nothing. */
char *map_alone(size_t pages, int flags)
{
	size_t gap = 1 << 16, size = pages * page_size();
	char *p = mmap(NULL, size + 2 * gap, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	munmap(p, gap);
	munmap(p + gap + size, gap);
	return map_at(p + gap, pages, flags | MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1);
}

/* Maps a file, also with unmapped space around it. */
static char *map_fd(size_t pages, int fd)
{
	char *p = map_alone(pages, 0);

	return p && fd >= 0 ? map_at(p, pages, MAP_SHARED | MAP_FIXED, fd) : NULL;
}

char *map_file(size_t pages, size_t file_pages)
{
	int fd = memfd_create("kapi", 0);

	if (fd < 0 || ftruncate(fd, file_pages * page_size()))
		return NULL;
	return map_fd(pages, fd);
}

static int open_secret(void)
{
	return syscall(__NR_memfd_secret, 0);
}

bool has_secret_memory(void)
{
	int fd = open_secret();

	return fd >= 0 && !close(fd);
}

/* NULL also where the kernel has none. */
char *map_secret(size_t pages)
{
	int fd = open_secret();

	if (fd < 0 || ftruncate(fd, pages * page_size()))
		return NULL;
	return map_fd(pages, fd);
}

#define DEVICE_MEMORY	"/sys/bus/pci/devices/*/p2pmem/allocate"

bool has_device_memory(void)
{
	glob_t found;
	bool any = !glob(DEVICE_MEMORY, 0, NULL, &found);

	if (any)
		globfree(&found);
	return any;
}

/* Peer-to-peer memory of the first PCI device that offers some. */
char *map_device(size_t pages)
{
	glob_t found;
	int fd;

	if (glob(DEVICE_MEMORY, 0, NULL, &found))
		return NULL;
	fd = open(found.gl_pathv[0], O_RDWR);
	globfree(&found);
	return fd < 0 ? NULL : map_at(NULL, pages, MAP_SHARED, fd);
}

char *touch(char *p, size_t pages)
{
	if (p)
		memset(p, 1, pages * page_size());
	return p;
}

int mlock2_(void *p, size_t len, int flags)
{
	return syscall(SYS_mlock2, p, len, flags);
}

/* VmLck of a process in kB, 0 for the caller; -1 if it cannot be had. */
long locked_kb(pid_t pid)
{
	char path[64], line[256];
	FILE *status;
	long kb = -1;

	snprintf(path, sizeof(path), "/proc/%d/status", pid ? pid : getpid());
	status = fopen(path, "r");
	while (status && kb < 0 && fgets(line, sizeof(line), status))
		sscanf(line, "VmLck: %ld kB", &kb);
	if (status)
		fclose(status);
	return kb;
}

/* === Limits =============================================================== */

int set_limit(size_t bytes)
{
	struct rlimit limit = { bytes, bytes };

	return setrlimit(RLIMIT_MEMLOCK, &limit);
}

int drop_capability(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		return -1;
	data[CAP_TO_INDEX(CAP_IPC_LOCK)].effective &= ~CAP_TO_MASK(CAP_IPC_LOCK);
	return syscall(SYS_capset, &header, data);
}

static long most_maps(void)
{
	FILE *file = fopen("/proc/sys/vm/max_map_count", "r");
	long count;

	if (!file || fscanf(file, "%ld", &count) != 1)
		count = 65530;
	if (file)
		fclose(file);
	return count;
}

/* Makes mappings until there cannot be more. */
int use_up_maps(void)
{
	size_t size = page_size(), i, pages = 2 * most_maps() + 10;
	char *p = mmap(NULL, pages * size, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return -1;
	for (i = 0; i < pages; i += 2)
		if (mprotect(p + i * size, size, PROT_READ))
			return errno == ENOMEM ? 0 : -1;
	return -1;
}

/* === Processes ============================================================ */

/* With a stack of a size that is quickly locked; 0 or an error. */
int start_thread(pthread_t *thread, void *(*fn)(void *), void *arg)
{
	pthread_attr_t attr;
	int ret;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 1 << 16);
	ret = pthread_create(thread, &attr, fn, arg);
	pthread_attr_destroy(&attr);
	return ret;
}

/* While three threads run, until the number that they are given is not 0. */
int beside_threads(void *(*fn)(void *stop), scenario_fn scenario)
{
	pthread_t thread[3];
	int i, stop = 0, failed = 0;

	for (i = 0; i < 3; i++)
		failed |= start_thread(&thread[i], fn, &stop);
	failed = failed || scenario();
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	return failed;
}

/* Shared with the child that is to be killed: it is past its preparations. */
static int *ready;

void be_ready(void)
{
	__atomic_store_n(ready, 1, __ATOMIC_RELAXED);
}

pid_t fork_to(void (*fn)(void))
{
	pid_t pid;

	if (!ready)
		ready = (int *)map_at(NULL, 1, MAP_SHARED | MAP_ANONYMOUS, -1);
	*ready = 0;
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fn();
		_exit(1);
	}
	return pid;
}

void wait_until_ready(pid_t pid)
{
	int status;

	while (!__atomic_load_n(ready, __ATOMIC_RELAXED) && !waitpid(pid, &status, WNOHANG))
		usleep(100);
}

void kill_and_wait(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

/* Ends a child at a time that differs from try to try. */
void kill_later(pid_t pid, int try)
{
	wait_until_ready(pid);
	usleep(try * 977 % 20000);
	kill_and_wait(pid);
}

/* Half of the time the mmap_lock is held for write. */
static void *hold_mmap_lock(void *unused)
{
	for (;;)
		mlockall(MCL_CURRENT);
	return NULL;
}

void hold_mmap_lock_in_thread(void)
{
	pthread_t thread;
	int i;

	for (i = 0; i < 200; i++)
		map_alone(1, 0);
	start_thread(&thread, hold_mmap_lock, NULL);
}

/* The same MANY_PAGES pages each time, all absent; NULL if that fails. */
char *absent_again(void)
{
	static char *p;

	if (!p)
		p = map_alone(MANY_PAGES, 0);
	if (!p || madvise(p, MANY_PAGES * page_size(), MADV_DONTNEED_LOCKED))
		return NULL;
	return p;
}

static int signals_seen;

static void see_signal(int signum)
{
	signals_seen++;
}

/* Signals that do not kill arrive during the call, and must not end it. */
int call_under_signals(scenario_fn call)
{
	const struct itimerval often = { { 0, 1000 }, { 0, 1000 } };

	GO(signal(SIGALRM, see_signal) != SIG_ERR && !setitimer(ITIMER_REAL, &often, NULL));
	while (signals_seen < 100)
		GO(!call());
	return 0;
}

/* Likewise, while it waits for mmap_lock. */
int call_beside_signals(scenario_fn call)
{
	sigset_t alarm;

	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	GO(!sigprocmask(SIG_BLOCK, &alarm, NULL));
	hold_mmap_lock_in_thread();
	GO(!sigprocmask(SIG_UNBLOCK, &alarm, NULL));
	return call_under_signals(call);
}

bool can_delay_faults(void)
{
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	return fd >= 0 && !close(fd);
}

/* -1 if the kernel has none, or one without these features. */
int open_userfaultfd(unsigned long features)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd < 0 || !ioctl(fd, UFFDIO_API, &api))
		return fd;
	close(fd);
	return -1;
}

bool register_missing(int uffd, const char *p, size_t pages)
{
	struct uffdio_register range = {
		.range = { (unsigned long)p, pages * page_size() },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	return !ioctl(uffd, UFFDIO_REGISTER, &range);
}

/* Until somebody waits for a page. */
bool wait_for_fault(int uffd)
{
	struct uffd_msg msg;

	return read(uffd, &msg, sizeof(msg)) == sizeof(msg) && msg.event == UFFD_EVENT_PAGEFAULT;
}

/* A task that faults in one of these pages waits until it is killed. */
bool delay_faults(char *p, size_t pages)
{
	int fd = open_userfaultfd(0);

	return fd >= 0 && register_missing(fd, p, pages);
}
