/*
 * What a launcher does while it waits for runs: it keeps a connection to the server that it polls ("HTTP long-poll",
 * docs.spacelift.io/self-hosted/v6.3.0, networking), and opens it again when the server closes it. Names are looked up in
 * /etc/hosts, where tests put them. While the file /opt/spacelift/offline exists, it stays up without a connection.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int find_address(const char *name, struct in_addr *address) {
  char line[4096];
  int found = 0;
  FILE *hosts = fopen("/etc/hosts", "r");
  while (hosts && !found && fgets(line, sizeof line, hosts)) {
    char *first = strtok(line, " \t\n");
    for (char *word = first; first && word && !found; word = strtok(NULL, " \t\n"))
      found = !strcmp(word, name) && inet_pton(AF_INET, first, address) == 1;
  }
  if (hosts) fclose(hosts);
  return found;
}

/* Connects to https://HOST[:PORT]. Returns a descriptor, or -1. */
static int connect_to(const char *url) {
  char host[256] = {0};
  int port = 443;
  struct sockaddr_in server = {.sin_family = AF_INET};
  if (!url || sscanf(url, "https://%255[^:/]:%d", host, &port) < 1) return -1;
  if (!find_address(host, &server.sin_addr)) return -1;
  server.sin_port = htons(port);
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor >= 0 && connect(descriptor, (struct sockaddr *)&server, sizeof server) == 0) return descriptor;
  if (descriptor >= 0) close(descriptor);
  return -1;
}

static void wait_for_runs(void) {
  char byte;
  for (;;) {
    int connection = access("/opt/spacelift/offline", F_OK) == 0 ? -1 : connect_to(getenv("SPACELIFT_WORKER_COMMS_URL"));
    while (connection >= 0 && access("/opt/spacelift/offline", F_OK) != 0) {
      fd_set set;
      struct timeval second = {.tv_sec = 1};
      FD_ZERO(&set);
      FD_SET(connection, &set);
      if (select(connection + 1, &set, NULL, NULL, &second) > 0 && read(connection, &byte, 1) <= 0) break;
    }
    if (connection >= 0) close(connection);
    sleep(1);
  }
}
