// SPDX-License-Identifier: GPL-2.0
/*
 * What debugfs shows of the kernel's API specifications: that the files agree
 * with each other, however they are read.
 */
#define _GNU_SOURCE
#include <dirent.h>

#include "kselftest_harness.h"
#include "kapi_coverage.h"

#define MUNLOCKALL	"sys_munlockall"

FIXTURE(kapi) {
	char *list;
};

FIXTURE_SETUP(kapi)
{
	if (geteuid())
		SKIP(return, "only root can read debugfs");
	if (access(KAPI_DIR, F_OK))
		SKIP(return, "no " KAPI_DIR ": mount debugfs, CONFIG_KAPI_SPEC_DEBUGFS=y");
	self->list = kapi_read("list");
	ASSERT_NE(NULL, self->list);
}

FIXTURE_TEARDOWN(kapi)
{
	free(self->list);
}

typedef void (*listed_fn)(const char *name, void *data);

/* Calls fn for every line of list that describes a spec. */
static int visit_listed(const char *list, listed_fn fn, void *data)
{
	char name[256], owner[64];
	unsigned int clauses, checkable;
	int n = 0;

	for (; list && *list; list = strchr(list, '\n') ? strchr(list, '\n') + 1 : NULL) {
		if (*list == '#')
			continue;
		if (sscanf(list, "%255s %63s %u %u", name, owner, &clauses, &checkable) != 4 ||
		    checkable > clauses)
			return -1;
		fn(name, data);
		n++;
	}
	return n;
}

static int count_files(const char *subdir)
{
	char path[256];
	struct dirent *d;
	DIR *dir;
	int n = 0;

	snprintf(path, sizeof(path), KAPI_DIR "/%s", subdir);
	dir = opendir(path);
	while (dir && (d = readdir(dir)))
		n += d->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return n;
}

struct check {
	struct __test_metadata *metadata;
	const char *json;
};

static void expect_files(const char *name, void *data)
{
	struct check *check = data;
	struct __test_metadata *_metadata = check->metadata;
	char path[512], expected[512];
	char *text, *json;

	snprintf(path, sizeof(path), "specs/%s", name);
	text = kapi_read(path);
	snprintf(expected, sizeof(expected), "%s - ", name);
	ASSERT_NE(NULL, text);
	EXPECT_EQ(0, strncmp(text, expected, strlen(expected)));

	snprintf(path, sizeof(path), "json/%s", name);
	json = kapi_read(path);
	snprintf(expected, sizeof(expected),
		 "{\"version\": 2, \"specs\": [\n{\n \"name\": \"%s\",\n", name);
	ASSERT_NE(NULL, json);
	EXPECT_EQ(0, strncmp(json, expected, strlen(expected)));

	/* What stands between the brackets is in specs.json, word by word. */
	json[strlen(json) - strlen("\n]}\n")] = '\0';
	EXPECT_NE(NULL, strstr(check->json, json + strlen("{\"version\": 2, \"specs\": [\n")));
	free(text);
	free(json);
}

TEST_F(kapi, every_spec_has_its_files)
{
	char *json = kapi_read("specs.json");
	struct check check = { _metadata, json };
	int n;

	ASSERT_NE(NULL, json);
	n = visit_listed(self->list, expect_files, &check);
	EXPECT_LT(0, n);
	EXPECT_EQ(n, count_files("specs"));
	EXPECT_EQ(n, count_files("json"));
	free(json);
}

static void expect_order(const char *name, void *data)
{
	struct check *check = data;
	struct __test_metadata *_metadata = check->metadata;
	static char previous[256];

	EXPECT_GT(0, strcmp(previous, name));
	strcpy(previous, name);
}

TEST_F(kapi, list_is_sorted)
{
	struct check check = { .metadata = _metadata };

	EXPECT_LT(0, visit_listed(self->list, expect_order, &check));
}

/* What can be violated, as coverage has it; without a validator there is none. */
static unsigned long count_decidable(const struct kapi_coverage *c)
{
	unsigned long sum = 0;
	int i;

	for (i = 0; i < c->count; i++)
		sum += c->line[i].violated >= 0;
	return sum;
}

TEST_F(kapi, list_counts_munlockall)
{
	const char *line = strstr(self->list, MUNLOCKALL " vmlinux ");
	struct kapi_coverage c = kapi_coverage(MUNLOCKALL);
	unsigned long clauses, checkable;
	char *end;

	ASSERT_NE(NULL, line);
	clauses = strtoul(line + strlen(MUNLOCKALL " vmlinux "), &end, 10);
	checkable = strtoul(end, NULL, 10);
	EXPECT_LT(15, clauses);
	EXPECT_EQ(count_decidable(&c), checkable);
	if (c.count)
		EXPECT_EQ(c.count, clauses);
}

TEST_F(kapi, text_fits_80_columns)
{
	char *text = kapi_read("specs/" MUNLOCKALL), *line, *rest = text;

	ASSERT_NE(NULL, text);
	while ((line = strsep(&rest, "\n"))) {
		EXPECT_GE(80, strlen(line)) {
			TH_LOG("too long: %s", line);
		}
		EXPECT_FALSE(*line && line[strlen(line) - 1] == ' ');
	}
	free(text);
}

/* What stands in the brackets of a clause's label; NULL for a rule. */
static char *name_in(char *label)
{
	char *name = strchr(label, '[');

	if (name)
		name[strlen(name) - 1] = '\0';
	return name ? name + 1 : NULL;
}

TEST_F(kapi, every_clause_is_shown)
{
	struct kapi_coverage c = kapi_coverage(MUNLOCKALL);
	char *text = kapi_read("specs/" MUNLOCKALL), *name;
	int i;

	ASSERT_NE(NULL, text);
	for (i = 0; i < c.count; i++) {
		name = name_in(c.line[i].clause);
		/* A blank is no part of a label. */
		if (!name || !strcmp(name, "any_fatal"))
			continue;
		EXPECT_NE(NULL, strstr(text, name)) {
			TH_LOG("missing: %s", name);
		}
	}
	free(text);
}

TEST_F(kapi, nothing_of_vmlinux_is_rejected)
{
	char *rejected = kapi_read("rejected"), *line;

	ASSERT_NE(NULL, rejected);
	/* But for those of the KUnit tests. */
	for (line = strtok(rejected, "\n"); line; line = strtok(NULL, "\n"))
		EXPECT_TRUE(strncmp(line, "vmlinux sys_", 12) || strstr(line, "kapi_test_")) {
			TH_LOG("%s", line);
		}
	free(rejected);
}

/* However it is read, it is the same. */
TEST_F(kapi, reads_do_not_depend_on_size)
{
	static const char *const files[] = {
		"list", "rejected", "specs.json", "specs/" MUNLOCKALL, "json/" MUNLOCKALL,
	};
	static const size_t steps[] = { 1, 7, 1000, 65536 };
	size_t i, j;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *whole = kapi_read(files[i]);

		ASSERT_NE(NULL, whole);
		for (j = 0; j < sizeof(steps) / sizeof(*steps); j++) {
			char *text = kapi_read_step(files[i], steps[j]);

			ASSERT_NE(NULL, text);
			EXPECT_STREQ(whole, text);
			free(text);
		}
		free(whole);
	}
}

/* Root may open a file that says otherwise; there is nothing to write to. */
TEST_F(kapi, nothing_can_be_written)
{
	static const char *const files[] = { "list", "rejected", "specs.json",
					     "specs/" MUNLOCKALL };
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++) {
		int fd = kapi_open(files[i], O_WRONLY);

		EXPECT_TRUE(fd < 0 || write(fd, "1", 1) < 0) {
			TH_LOG("%s", files[i]);
		}
		if (fd >= 0)
			close(fd);
	}
}

TEST_HARNESS_MAIN
