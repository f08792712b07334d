// SPDX-License-Identifier: GPL-2.0
/*
 * Loads one audit rule, on all exits of acct(), which nobody calls: with audit=1 at boot
 * every task's audit context is then looked at when a system call returns.
 */
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

struct reply {
	struct nlmsghdr head;
	struct nlmsgerr error;
};

/* 0, or -1 if the kernel does not take it. */
static int add_rule(const void *rule, size_t len)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);
	struct {
		struct nlmsghdr head;
		char data[2048];
	} message = { { NLMSG_LENGTH(len), AUDIT_ADD_RULE, NLM_F_REQUEST | NLM_F_ACK } };
	struct reply reply;

	memcpy(message.data, rule, len);
	if (fd < 0 || sendto(fd, &message, message.head.nlmsg_len, 0,
			     (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return -1;
	if (recv(fd, &reply, sizeof(reply), 0) < (ssize_t)sizeof(reply) ||
	    reply.head.nlmsg_type != NLMSG_ERROR)
		return -1;
	close(fd);
	return reply.error.error ? -1 : 0;
}

int main(void)
{
	struct audit_rule_data rule = {
		.flags = AUDIT_FILTER_EXIT, .action = AUDIT_ALWAYS,
	};

	rule.mask[AUDIT_WORD(SYS_acct)] = AUDIT_BIT(SYS_acct);
	if (add_rule(&rule, sizeof(rule))) {
		perror("the audit rule was not loaded");
		return 1;
	}
	return 0;
}
