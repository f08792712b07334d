// SPDX-License-Identifier: GPL-2.0
/*
 * A function's definition in a C file: its prototype, and the masks by which it
 * rejects unknown bits of its parameters, if every call either comes to that check
 * or has returned an error before.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "draft.h"

/* Levels of calls to follow: the check may be in a function that is called. */
#define MAX_CALLS	4

struct range {
	const char *begin;
	const char *end;
};

struct definition {
	struct range name;
	struct range params;
	struct range body;
};

/* === Text ================================================================= */

static bool is_word(char c)
{
	return isalnum(c) || c == '_';
}

/* Overwrites comments and preprocessor lines with blanks, in place. */
static void blank(char *text)
{
	const char *end;

	for (; *text; text++) {
		if (!strncmp(text, "/*", 2))
			end = strstr(text + 2, "*/") ?: text;
		else if (!strncmp(text, "//", 2) || *text == '#')
			end = strchrnul(text, '\n') - 1;
		else
			continue;
		for (; text <= end && *text; text++)
			if (*text != '\n')
				*text = ' ';
		if (*end == ' ' && end[1] == '/')
			*text = ' ';
		text--;
	}
}

static const char *skip_blanks(const char *s)
{
	while (isspace(*s))
		s++;
	return s;
}

/* The bracket that closes the one at @s; NULL if there is none. */
static const char *closing(const char *s)
{
	int depth = 0;

	for (; *s; s++) {
		depth += *s == '(' || *s == '{' || *s == '[';
		depth -= *s == ')' || *s == '}' || *s == ']';
		if (!depth)
			return s;
	}
	return NULL;
}

static struct range range_of(const char *text)
{
	return (struct range) { text, text + strlen(text) };
}

static struct range trim(struct range r)
{
	while (r.begin < r.end && isspace(*r.begin))
		r.begin++;
	while (r.begin < r.end && isspace(r.end[-1]))
		r.end--;
	return r;
}

static bool is_text(struct range r, const char *text, size_t len)
{
	return r.end - r.begin == len && !memcmp(r.begin, text, len);
}

/* Cuts the next part off, up to @separator where no bracket is open; false at the end. */
static bool next_part(struct range *rest, const char *separator, struct range *part)
{
	const size_t len = strlen(separator);
	const char *s = rest->begin;

	if (s >= rest->end)
		return false;
	for (; s < rest->end && strncmp(s, separator, len); s++)
		if (*s == '(' || *s == '[' || *s == '{')
			s = closing(s) ?: rest->end - 1;
	if (s > rest->end)
		s = rest->end;
	*part = trim((struct range) { rest->begin, s });
	rest->begin = s + len;
	return true;
}

/* Blanks between words become one. */
static char *copy(struct range r)
{
	char *text = allocate(1, r.end - r.begin + 1), *to = text;

	for (; r.begin < r.end; r.begin++)
		if (!isspace(*r.begin))
			*to++ = *r.begin;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	return text;
}

/* === Definitions ========================================================== */

/* "__releases(&files->file_lock)" */
static const char *skip_attributes(const char *s)
{
	for (s = skip_blanks(s); !strncmp(s, "__", 2); s = skip_blanks(s)) {
		while (is_word(*s))
			s++;
		if (*s == '(' && closing(s))
			s = closing(s) + 1;
	}
	return s;
}

/* Whether what begins at @s, a name and its parameters, is defined. */
static bool is_defined(const char *s, size_t len, struct definition *d)
{
	const char *open = skip_blanks(s + len), *body;
	const char *close = *open == '(' ? closing(open) : NULL;

	if (!close)
		return false;
	body = skip_attributes(close + 1);
	if (*body != '{' || !closing(body))
		return false;
	*d = (struct definition) {
		.name = { s, s + len },
		.params = { open + 1, close },
		.body = { body + 1, closing(body) },
	};
	return true;
}

static bool find_function(const char *text, struct range name, struct definition *d)
{
	const size_t len = name.end - name.begin;
	const char *s = text;

	for (; (s = memmem(s, strlen(s), name.begin, len)); s++)
		if ((s == text || !is_word(s[-1])) && !is_word(s[len]) && is_defined(s, len, d))
			return true;
	return false;
}

/* SYSCALL_DEFINE2(eventfd2, unsigned int, count, int, flags) */
static bool find_syscall(const char *text, const char *name, struct definition *d)
{
	static const char macro[] = "SYSCALL_DEFINE";
	struct range first;

	for (; (text = strstr(text, macro)); text++) {
		if (!isdigit(text[strlen(macro)]) || !is_defined(text, sizeof(macro), d))
			continue;
		if (next_part(&d->params, ",", &first) && is_text(first, name, strlen(name)))
			return true;
	}
	return false;
}

/* The last word is the name; a function pointer does not end in a name. */
static bool split_param(struct range param, struct range *type, struct range *name)
{
	const char *s = param.end;

	while (s > param.begin && is_word(s[-1]))
		s--;
	*name = (struct range) { s, param.end };
	*type = trim((struct range) { param.begin, s });
	return type->begin < type->end && name->begin < name->end;
}

/* The name of a parameter by its place. */
static bool name_param(const struct definition *d, bool is_syscall, unsigned int i,
		       struct range *name)
{
	struct range rest = d->params, part = {}, type;

	for (i = is_syscall ? 2 * i + 2 : i + 1; i; i--)
		if (!next_part(&rest, ",", &part))
			return false;
	if (!is_syscall)
		return split_param(part, &type, name);
	*name = part;
	return true;
}

/* === Masks ================================================================ */

static struct range strip_parentheses(struct range r)
{
	r = trim(r);
	while (r.begin < r.end && *r.begin == '(' && closing(r.begin) == r.end - 1)
		r = trim((struct range) { r.begin + 1, r.end - 1 });
	return r;
}

/* Constants alone: "A", "(A | B)" */
static bool is_constant(struct range r)
{
	bool has_name = false;

	for (; r.begin < r.end; r.begin++) {
		if (islower(*r.begin) || !(is_word(*r.begin) || strchr(" \t\n|()", *r.begin)))
			return false;
		has_name |= isupper(*r.begin);
	}
	return has_name;
}

/* "flags & ~MASK", "(flags & ~MASK) != 0" */
static bool is_mask_of(struct range r, struct range param, struct range *mask)
{
	struct range left;

	if (next_part(&r, "!=", &left) && r.begin < r.end && !is_text(trim(r), "0", 1))
		return false;
	r = strip_parentheses(left);
	if (!next_part(&r, "&", &left) || !is_text(left, param.begin, param.end - param.begin))
		return false;
	r = trim(r);
	if (r.begin >= r.end || *r.begin != '~')
		return false;
	r.begin++;
	*mask = strip_parentheses(r);
	return is_constant(*mask);
}

/* Any of several conditions: one of them. */
static bool has_mask(struct range condition, struct range param, struct range *mask)
{
	struct range part;

	while (next_part(&condition, "||", &part))
		if (is_mask_of(part, param, mask))
			return true;
	return false;
}

/* "return -EINVAL;", "return ERR_PTR(-EINVAL);" */
static char *error_in(const char *statement)
{
	static const char *const before[] = { "return -E", "return ERR_PTR(-E" };
	const char *end;

	statement = skip_blanks(statement);
	for (size_t i = 0; i < ARRAY_SIZE(before); i++) {
		if (strncmp(statement, before[i], strlen(before[i])))
			continue;
		statement += strlen(before[i]) - strlen("-E");
		for (end = statement + 1; is_word(*end); end++)
			;
		return strndup(statement, end - statement);
	}
	return NULL;
}

/* Whether every call either reaches @s or has returned an error before it. */
static bool is_reached(struct range body, const char *s)
{
	const char *before = s, *r;
	int depth = 0;

	while (before > body.begin && isspace(before[-1]))
		before--;
	if (before > body.begin && !strchr(";{}", before[-1]))
		return false;
	for (r = body.begin; r < s; r++)
		depth += *r == '{' ? 1 : *r == '}' ? -1 : 0;
	for (r = body.begin; (r = strstr(r, "return")) && r < s; r++)
		if (!error_in(r))
			return false;
	return !depth;
}

static bool find_check(struct range body, struct range name, struct param *p)
{
	struct range condition, mask;
	const char *s, *close;

	for (s = body.begin; (s = strstr(s, "if (")) && s < body.end; s++) {
		close = closing(s + 3);
		condition = (struct range) { s + 4, close };
		if (!close || !is_reached(body, s) || !has_mask(condition, name, &mask))
			continue;
		p->error = error_in(close + 1);
		p->mask = p->error ? copy(mask) : NULL;
		return p->mask;
	}
	return false;
}

static bool find_mask(const char *text, const struct definition *d, struct range name,
		      struct param *p, int calls);

/* In what is called with it: "return do_it(count, flags);" */
static bool find_mask_in_call(const char *text, const char *s, struct range name,
			      struct param *p, int calls)
{
	const char *end = s;
	struct range rest, part, inner;
	struct definition d;
	unsigned int i;

	while (is_word(*end))
		end++;
	if (*end != '(' || !closing(end) || !find_function(text, (struct range) { s, end }, &d))
		return false;
	rest = (struct range) { end + 1, closing(end) };
	for (i = 0; next_part(&rest, ",", &part); i++)
		if (is_text(part, name.begin, name.end - name.begin) &&
		    name_param(&d, false, i, &inner) && find_mask(text, &d, inner, p, calls + 1))
			return true;
	return false;
}

static bool find_mask(const char *text, const struct definition *d, struct range name,
		      struct param *p, int calls)
{
	static const char word[] = "return ";
	const char *s = d->body.begin;

	if (find_check(d->body, name, p))
		return true;
	for (; calls < MAX_CALLS && (s = strstr(s, word)) && s < d->body.end; s++)
		if (is_reached(d->body, s) &&
		    find_mask_in_call(text, s + strlen(word), name, p, calls))
			return true;
	return false;
}

/* === Errors =============================================================== */

static void name_error(struct function *f, struct range error)
{
	for (size_t i = 0; i < f->named_count; i++)
		if (is_text(error, f->named[i], strlen(f->named[i])))
			return;
	f->named = grow(f->named, f->named_count, sizeof(*f->named));
	f->named[f->named_count++] = copy(error);
}

/* "-EINVAL"; not in comparisons, where the error comes from elsewhere. */
static void name_errors(struct function *f, struct range body)
{
	const char *s, *before, *end;

	for (s = body.begin; (s = strstr(s, "-E")) && s < body.end; s = end) {
		for (before = s; before > body.begin && isspace(before[-1]); before--)
			;
		for (end = s + 2; is_word(*end); end++)
			;
		if (isupper(s[2]) && strncmp(before - 2, "==", 2) && strncmp(before - 2, "!=", 2))
			name_error(f, (struct range) { s, end });
	}
}

static void find_errors(struct function *f, const char *text, const struct definition *d,
			int calls)
{
	const char *s = d->body.begin, *end;
	struct definition called;

	name_errors(f, d->body);
	if (calls == MAX_CALLS)
		return;
	for (; s < d->body.end; s = end + 1) {
		for (end = s; is_word(*end); end++)
			;
		if (*end == '(' && end > s &&
		    find_function(text, (struct range) { s, end }, &called))
			find_errors(f, text, &called, calls + 1);
	}
}

/* === The command ========================================================== */

static void read_params(struct function *f, const char *path, const struct definition *d)
{
	struct range rest = d->params, part, type, name;

	f->params = 0;
	f->has_params = true;
	while (next_part(&rest, ",", &part)) {
		if (is_text(part, "void", 4))
			return;
		if (!split_param(part, &type, &name))
			break;
		add_param(f, path, copy(type), copy(name));
	}
	f->has_params = rest.begin >= rest.end;
	f->params = f->has_params ? f->params : 0;
}

/* The return type is the text between the previous definition and the name. */
static void read_result(struct function *f, const char *text, const struct definition *d)
{
	static const char *const words[] = { "static ", "inline ", "noinline ", "__must_check " };
	const char *s = d->name.begin;
	char *type;

	while (s > text && !strchr(";})", s[-1]))
		s--;
	type = copy(trim((struct range) { s, d->name.begin }));
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strncmp(type, words[i], strlen(words[i])))
			type += strlen(words[i]);
	f->returns = *type ? type : NULL;
}

/* Adds what the file says; it may have nothing of the function. */
void read_definition(struct function *f, const char *path)
{
	struct definition d;
	struct file file;
	char *text;

	read_file(&file, path);
	text = strndup(file.data, file.size);
	blank(text);
	if (is_syscall(f) ? !find_syscall(text, f->name + 4, &d) :
	    !find_function(text, range_of(function_name(f)), &d))
		return;
	if (!is_syscall(f)) {
		read_params(f, path, &d);
		read_result(f, text, &d);
	}
	find_errors(f, text, &d, 0);
	for (size_t i = 0; i < f->params; i++)
		find_mask(text, &d, range_of(f->param[i].name), &f->param[i], 0);
}
