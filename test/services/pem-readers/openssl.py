"""Prints a line for each file: how many certificates OpenSSL reads from it (SSL_CTX_load_verify_locations), and the
SHA-256 of those that are CA certificates, which are the only ones that get_ca_certs returns. 0 if it rejects the file."""
import hashlib
import ssl
import sys

for file in sys.argv[1:]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cafile=file)
    except ssl.SSLError:
        print(0)
        continue
    digests = sorted(hashlib.sha256(der).hexdigest() for der in context.get_ca_certs(binary_form=True))
    print(context.cert_store_stats()["x509"], *digests)
