/*
 * damage FILE COUNT SEED COMMAND...: damages FILE in COUNT ways, each time runs COMMAND
 * with the name of the damaged file behind it, and sees to it that the command reads the
 * file or says in one line which file it is and why it cannot be read, with status 2.
 *
 * The damaged file is ./hostile; it stays as it is at the first failure.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME	"hostile"
#define SECONDS	20	/* for one run */

static unsigned char *original, *damaged;
static size_t size;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static unsigned long below(unsigned long n)
{
	return (((unsigned long)random() << 31) ^ random()) % n;
}

/* Where the ends of things are. */
static unsigned long number(void)
{
	static const unsigned long numbers[] = {
		0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 1000000, 0x7fffffff,
		0x80000000, 0xffffffff, 0x7fffffffffffffff, 0x8000000000000000, -1ul, -8ul,
	};
	size_t count = sizeof(numbers) / sizeof(*numbers);
	unsigned long n = below(count + 3);

	if (n < count)
		return numbers[n];
	return n == count ? size : n == count + 1 ? below(size) : size - below(64);
}

static void put_number(size_t *length)
{
	size_t width = 1ul << below(4), at = below(*length);
	unsigned long value = number();

	at -= at % width;
	if (at + width <= *length)
		memcpy(damaged + at, &value, width);
}

static void change_byte(size_t *length)
{
	damaged[below(*length)] = below(256);
}

static void change_bit(size_t *length)
{
	damaged[below(*length)] ^= 1 << below(8);
}

static void copy_bytes(size_t *length)
{
	size_t from = below(*length), to = below(*length);
	size_t most = *length - (from > to ? from : to);

	memmove(damaged + to, damaged + from, below(most < 256 ? most : 256));
}

/* A text without its end, say. */
static void fill_bytes(size_t *length)
{
	size_t at = below(*length), most = *length - at;

	memset(damaged + at, below(256), below(most < 512 ? most : 512));
}

static void cut(size_t *length)
{
	if (!below(8))
		*length = 1 + below(*length);
}

static void damage(void)
{
	static void (*const ways[])(size_t *length) = {
		put_number, put_number, put_number, change_byte, change_bit, copy_bytes,
		fill_bytes, cut,
	};
	size_t length = size, n = 1 + below(8);
	FILE *file;

	memcpy(damaged, original, size);
	while (n--)
		ways[below(sizeof(ways) / sizeof(*ways))](&length);
	file = fopen(NAME, "w");
	if (!file || fwrite(damaged, 1, length, file) != length || fclose(file))
		die(NAME);
}

static void run(char **command)
{
	int null = open("/dev/null", O_WRONLY);
	int err = open(NAME ".err", O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (null < 0 || err < 0)
		die("open");
	dup2(null, 1);
	dup2(err, 2);
	alarm(SECONDS);
	execvp(command[0], command);
	die(command[0]);
}

static int says_why(void)
{
	char line[4096];
	FILE *file = fopen(NAME ".err", "r");
	int good = 0;

	/* What decompresses a file may have said something first. */
	while (file && !good && fgets(line, sizeof(line), file))
		good = !strncmp(line, "kapi: ", 6) && strstr(line, NAME);
	if (file)
		fclose(file);
	return good;
}

static int is_good(int status)
{
	if (!WIFEXITED(status))
		return 0;
	return WEXITSTATUS(status) < 2 || (WEXITSTATUS(status) == 2 && says_why());
}

static void read_original(const char *path)
{
	FILE *file = fopen(path, "r");

	if (!file || fseek(file, 0, SEEK_END))
		die(path);
	size = ftell(file);
	rewind(file);
	original = malloc(size);
	damaged = malloc(size);
	if (!size || !original || !damaged || fread(original, 1, size, file) != size)
		die(path);
	fclose(file);
}

int main(int argc, char **argv)
{
	long i, count, refused = 0;

	if (argc < 5) {
		fprintf(stderr, "usage: damage FILE COUNT SEED COMMAND...\n");
		return 2;
	}
	read_original(argv[1]);
	count = atol(argv[2]);
	srandom(atol(argv[3]));
	/* In place of the last of these, its end. */
	memmove(argv, argv + 4, (argc - 4) * sizeof(*argv));
	argv[argc - 4] = NAME;
	argv[argc - 3] = NULL;
	for (i = 0; i < count; i++) {
		int status;
		pid_t pid;

		damage();
		pid = fork();
		if (!pid)
			run(argv);
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			die("fork");
		if (!is_good(status)) {
			printf("%ld: status %#x\n", i, status);
			return 1;
		}
		refused += WEXITSTATUS(status) == 2;
	}
	printf("%ld damaged, %ld refused\n", count, refused);
	return 0;
}
