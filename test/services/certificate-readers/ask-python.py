"""Asks Python's ssl module, for each certificate authority in a folder, whether it trusts a server.

usage: ask-python.py [--strict] FOLDER. See questions.ts for the folder. `--strict` sets the flags that create_default_context
sets from 3.13 on (CPython, Lib/ssl.py, 3.13); without it the flags are those of OpenSSL's own programs.
"""
import glob
import os
import ssl
import sys

folder, strict = sys.argv[-1], "--strict" in sys.argv


def context_for(bundle):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Debian's openssl.cnf and OpenSSL from 3.2 on ask for this level (ssl/ssl_cert.c).
    context.set_ciphers("DEFAULT:@SECLEVEL=2")
    context.verify_flags = ssl.VERIFY_X509_TRUSTED_FIRST
    if strict:
        context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cafile=bundle)
    return context


def handshake(context, leaf):
    """Shakes hands in memory."""
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        server_context.load_cert_chain(leaf, os.path.join(folder, "key.pem"))
    except ssl.SSLError as error:
        return f"no server: {error}"
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(to_client, to_server, server_hostname="server.test")
    server = server_context.wrap_bio(to_server, to_client, server_side=True)
    waiting = [client, server]
    while client in waiting:
        for side in list(waiting):
            try:
                side.do_handshake()
                waiting.remove(side)
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLError as error:
                return getattr(error, "verify_message", None) or str(error)
    return "trusted"


def verdicts(name):
    try:
        context = context_for(os.path.join(folder, f"{name}.bundle.pem"))
    except (ssl.SSLError, ValueError) as error:
        return [f"no file: {error}"] * 2
    leaves = [f"{name}.leaf.pem", "other.pem"]
    return [handshake(context, os.path.join(folder, leaf)) for leaf in leaves]


print(f"version\tPython {sys.version.split()[0]}, {ssl.OPENSSL_VERSION}")
for bundle in sorted(glob.glob(os.path.join(folder, "*.bundle.pem"))):
    shape = os.path.basename(bundle)[: -len(".bundle.pem")]
    print("\t".join([shape, *(verdict.replace("\n", " ") for verdict in verdicts(shape))]))
