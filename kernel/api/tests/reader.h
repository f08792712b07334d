/* SPDX-License-Identifier: GPL-2.0 */
/* Reads a seq_file from inside the kernel, as read(2) would. */
#ifndef _KERNEL_API_TESTS_READER_H
#define _KERNEL_API_TESTS_READER_H

#include <kunit/resource.h>
#include <kunit/test.h>
#include <linux/fs.h>
#include <linux/seq_file.h>
#include <linux/uio.h>

#include "../kapi.h"
#include "../sequence.h"

struct reader {
	struct file *file;
	loff_t pos;
};

static inline void reader_close(void *data)
{
	struct reader *r = data;

	seq_release_private(NULL, r->file);
}

/* Opens all specs of a registry. */
static inline struct reader *reader_open(struct kunit *test, struct kapi_registry *reg,
					 const struct seq_operations *ops)
{
	struct reader *r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, r);
	r->file = kunit_kzalloc(test, sizeof(*r->file), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, r->file);
	KUNIT_ASSERT_EQ(test, 0, kapi_sequence_open(r->file, reg, ops));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, reader_close, r));
	return r;
}

/* Returns the bytes read, 0 at the end. */
static inline ssize_t reader_read(struct reader *r, void *buf, size_t size)
{
	struct kvec vec = { .iov_base = buf, .iov_len = size };
	struct kiocb iocb = { .ki_filp = r->file, .ki_pos = r->pos };
	struct iov_iter iter;
	ssize_t ret;

	iov_iter_kvec(&iter, ITER_DEST, &vec, 1, size);
	ret = seq_read_iter(&iocb, &iter);
	r->pos = iocb.ki_pos;
	return ret;
}

/* Memory that the reader holds on to. */
static inline size_t reader_buffer(const struct reader *r)
{
	return ((struct seq_file *)r->file->private_data)->size;
}

#endif /* _KERNEL_API_TESTS_READER_H */
