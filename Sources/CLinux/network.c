#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

const int linux_set_pipe_size = F_SETPIPE_SZ;

struct request {
  struct nlmsghdr header;
  struct inet_diag_req_v2 socket;
};

struct answer {
  struct nlmsghdr header;
  union {
    struct inet_diag_msg socket;
    struct nlmsgerr error;
  };
  // Attributes that were not asked for.
  char rest[1024];
};

static int answer_to(int netlink, const struct request *request, struct answer *answer) {
  if (send(netlink, request, sizeof *request, 0) != sizeof *request) return -1;
  ssize_t size = recv(netlink, answer, sizeof *answer, 0);
  if (size < 0) return -1;
  if ((size_t)size < NLMSG_LENGTH(sizeof answer->socket)) {
    errno = EBADMSG;
    return -1;
  }
  return 0;
}

int linux_tcp_client_user(struct linux_tcp_end client, struct linux_tcp_end server, uid_t *user) {
  struct request request = {
      .header = {.nlmsg_len = sizeof request, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST},
      .socket = {.sdiag_family = AF_INET,
                 .sdiag_protocol = IPPROTO_TCP,
                 .idiag_states = ~0u,
                 .id = {.idiag_sport = client.port,
                        .idiag_dport = server.port,
                        .idiag_src = {client.address},
                        .idiag_dst = {server.address},
                        .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}}},
  };
  struct answer answer = {0};
  int netlink = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (netlink < 0) return -1;
  int result = answer_to(netlink, &request, &answer);
  int saved = errno;
  close(netlink);
  errno = saved;
  if (result != 0) return -1;
  if (answer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY) {
    errno = answer.header.nlmsg_type == NLMSG_ERROR ? -answer.error.error : EBADMSG;
    return -1;
  }
  // The kernel reports a closed end, which no process owns any more, as root's.
  if (answer.socket.idiag_inode == 0) {
    errno = ENOENT;
    return -1;
  }
  *user = answer.socket.idiag_uid;
  return 0;
}
