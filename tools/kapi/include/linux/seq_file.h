/* SPDX-License-Identifier: GPL-2.0 */
/* seq_file over stdio */
#ifndef _KAPI_LINUX_SEQ_FILE_H
#define _KAPI_LINUX_SEQ_FILE_H

#include <stdio.h>

struct seq_file {
	FILE *file;
};

#define seq_printf(m, ...)	fprintf((m)->file, __VA_ARGS__)

static inline void seq_putc(struct seq_file *m, char c)
{
	putc_unlocked(c, m->file);
}

static inline void seq_puts(struct seq_file *m, const char *s)
{
	fputs(s, m->file);
}

static inline void seq_write(struct seq_file *m, const void *data, size_t len)
{
	fwrite(data, 1, len, m->file);
}

#endif /* _KAPI_LINUX_SEQ_FILE_H */
