/*
 * Asks GnuTLS, for each certificate authority in a folder, whether it trusts a server, with the calls that curl makes for
 * git on Debian (curl, lib/vtls/gtls.c, 7.88). See questions.ts for the folder.
 */
#include <dirent.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *folder;

static const char *in_folder(const char *name, const char *ending)
{
	static char path[4][4096];
	static int next;
	char *made = path[next++ % 4];
	snprintf(made, sizeof path[0], "%s/%s%s", folder, name, ending);
	return made;
}

static gnutls_session_t session(unsigned side, gnutls_certificate_credentials_t credentials, int socket)
{
	gnutls_session_t made;
	gnutls_init(&made, side | GNUTLS_NONBLOCK);
	gnutls_set_default_priority(made);
	gnutls_credentials_set(made, GNUTLS_CRD_CERTIFICATE, credentials);
	gnutls_transport_set_int(made, socket);
	return made;
}

static const char *verify(gnutls_session_t client)
{
	static gnutls_datum_t text;
	unsigned status = 0, size;
	int result = gnutls_certificate_verify_peers2(client, &status);
	if (result < 0)
		return gnutls_strerror(result);
	if (status != 0) {
		gnutls_free(text.data);
		gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &text, 0);
		return (const char *)text.data;
	}
	gnutls_x509_crt_t leaf;
	gnutls_x509_crt_init(&leaf);
	gnutls_x509_crt_import(leaf, gnutls_certificate_get_peers(client, &size), GNUTLS_X509_FMT_DER);
	int is_named = gnutls_x509_crt_check_hostname(leaf, "server.test");
	gnutls_x509_crt_deinit(leaf);
	return is_named ? "trusted" : "another name";
}

/* Shakes hands in this process: neither side blocks, and each goes on where the other waits. */
static const char *handshake(gnutls_certificate_credentials_t trusting, const char *leaf)
{
	gnutls_certificate_credentials_t serving;
	gnutls_certificate_allocate_credentials(&serving);
	int result = gnutls_certificate_set_x509_key_file(serving, leaf, in_folder("key", ".pem"), GNUTLS_X509_FMT_PEM);
	if (result < 0) {
		gnutls_certificate_free_credentials(serving);
		return "no server";
	}
	int sockets[2];
	socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sockets);
	gnutls_session_t client = session(GNUTLS_CLIENT, trusting, sockets[0]);
	gnutls_session_t server = session(GNUTLS_SERVER, serving, sockets[1]);
	gnutls_server_name_set(client, GNUTLS_NAME_DNS, "server.test", strlen("server.test"));
	int here = GNUTLS_E_AGAIN, there = GNUTLS_E_AGAIN;
	while (here == GNUTLS_E_AGAIN) {
		here = gnutls_handshake(client);
		if (there == GNUTLS_E_AGAIN)
			there = gnutls_handshake(server);
		if (there < 0 && gnutls_error_is_fatal(there))
			break;
	}
	const char *verdict = here == 0 ? verify(client) : gnutls_strerror(here < 0 ? here : there);
	gnutls_deinit(client);
	gnutls_deinit(server);
	gnutls_certificate_free_credentials(serving);
	close(sockets[0]);
	close(sockets[1]);
	return verdict;
}

static void ask(const char *name)
{
	gnutls_certificate_credentials_t trusting;
	gnutls_certificate_allocate_credentials(&trusting);
	gnutls_certificate_set_verify_flags(trusting, GNUTLS_VERIFY_ALLOW_X509_V1_CA_CRT);
	int found = gnutls_certificate_set_x509_trust_file(trusting, in_folder(name, ".bundle.pem"), GNUTLS_X509_FMT_PEM);
	char leaf[4096], other[4096];
	strcpy(leaf, in_folder(name, ".leaf.pem"));
	strcpy(other, in_folder("other", ".pem"));
	fputs(name, stdout);
	printf("\t%s", found < 0 ? gnutls_strerror(found) : handshake(trusting, leaf));
	printf("\t%s", found < 0 ? gnutls_strerror(found) : handshake(trusting, other));
	putchar('\n');
	gnutls_certificate_free_credentials(trusting);
}

static int is_bundle(const struct dirent *entry)
{
	const char *dot = strchr(entry->d_name, '.');
	return dot != NULL && strcmp(dot, ".bundle.pem") == 0;
}

int main(int count, char **arguments)
{
	if (count < 2)
		return 2;
	folder = arguments[1];
	printf("version\tGnuTLS %s\n", gnutls_check_version(NULL));
	struct dirent **entries;
	int number = scandir(folder, &entries, is_bundle, alphasort);
	for (int i = 0; i < number; i++) {
		*strchr(entries[i]->d_name, '.') = '\0';
		ask(entries[i]->d_name);
	}
	return number < 0;
}
