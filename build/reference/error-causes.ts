import type { ErrorCode } from '../../src/core/errors.ts';

/** What usually causes an error, and what cures it. */
export interface Explanation {
  readonly cause: string;
  readonly cure: string;
}

/** The usual causes of every error, and their cures. The message itself names the value. */
export const EXPLANATIONS: Readonly<Record<ErrorCode, Explanation>> = {
  SPACECTL_MISSING_INPUT: {
    cause: 'There is no terminal to ask in, or `CI`, `--json` or `--no-input` turns prompts off.',
    cure: 'Pass everything that the message names: as flags, as variables or in `spacectl.yaml`.',
  },
  SPACECTL_BAD_INPUT: {
    cause:
      'A mistyped flag or value, a directory that does not exist, options that exclude each other, or a flag that has no effect with the others.',
    cure: 'Correct the value that the message names; `--help` lists what is accepted.',
  },
  SPACECTL_NO_IMAGE: {
    cause: 'A mistyped reference, a tag that was removed, or an image that does not exist for `--platform`.',
    cure: 'Check the reference, and list the platforms of the image, for example with `skopeo inspect --raw`.',
  },
  SPACECTL_CHECK_FAILED: {
    cause:
      'The workers of `deploy` did not appear, a host did not become a worker, a worker was undrained while `spacectl` waited for its run, or no machine image matches. Checks such as `keypair verify` and `ca-bundle check` do not use this code: what they find is their result, with the same exit code.',
    cure: 'Follow the message: it says what was expected and what was found.',
  },
  SPACECTL_BAD_DATA: {
    cause:
      'A file that is damaged, empty or of another kind: a key, a lock file, a journal, a launcher for another machine.',
    cure: 'Pass the right file. A damaged file that `spacectl` wrote can be moved away and made again.',
  },
  SPACECTL_BAD_CERTIFICATE: {
    cause:
      'A private key, an expired certificate, a certificate that is not a CA certificate, or a file that is not a certificate.',
    cure: 'Pass the CA certificate alone. `ca-bundle inspect FILE --rejected` shows what is rejected, and why; `--skip-expired` and `--skip-non-ca` leave such certificates out.',
  },
  SPACECTL_BAD_TOKEN: {
    cause: 'The file is not the one that Spacelift offers for download, or the pool was created with another key.',
    cure: '`spacectl workerpool token` reads the token again; `spacectl keypair verify` compares it with the key.',
  },
  SPACECTL_BAD_IMAGE: {
    cause: 'An archive that was cut off, a layer in an unknown format, or a limit that no real image reaches.',
    cure: 'Save or push the image again, or pass its bundle as a file: `--source file --image ca-certificates.crt`.',
  },
  SPACECTL_NO_BUNDLE: {
    cause: 'The image has no CA certificates, or keeps them at an unusual path.',
    cure: 'Install `ca-certificates` in the image, or name the path with `--image-path`.',
  },
  SPACECTL_TOO_LARGE: {
    cause: 'User data above the limit of the cloud (16 KiB on EC2), or a Secret above 1 MiB.',
    cure: 'Deliver the bundle in another way: `--ca-strategy host`, `--ca-delivery`; keep secrets out with `--secrets-from`.',
  },
  SPACECTL_UNREACHABLE: {
    cause:
      'No network, a firewall, a proxy that is not set, a certificate that is not trusted, or a service that is down.',
    cure: 'Run the same command again. Then check `HTTPS_PROXY`, `NO_PROXY` and `SSL_CERT_FILE`, and `spacectl doctor --pre`.',
  },
  SPACECTL_PROGRAM_MISSING: {
    cause: 'A program that this option uses is not on the `PATH`, for example `docker`, `aws` or `xz`.',
    cure: 'Install it, or use the option that the message names.',
  },
  SPACECTL_PROGRAM_FAILED: {
    cause:
      'Another program failed; its own last words are in the message. On a host, also a service that did not start.',
    cure: 'Fix what it says. On a host: `sudo spacectl host doctor`.',
  },
  SPACECTL_REQUEST_REFUSED: {
    cause: 'Spacelift or a registry understood the request and rejected it; the message repeats its words.',
    cure: 'Change what it objects to. Retrying the same request does not help.',
  },
  SPACECTL_WOULD_OVERWRITE: {
    cause: 'A private key exists already, or a file was not made by `spacectl`.',
    cure: 'Use another directory, or move the file away. `--force` replaces files, but never a key.',
  },
  SPACECTL_POOL_EXISTS: {
    cause: 'The pool was created from another directory, with another key.',
    cure: 'Copy that key to this directory, choose another name, or as a last resort `spacectl workerpool reset`.',
  },
  SPACECTL_BUSY: {
    cause: 'Another `spacectl` works in the same directory or on the same host.',
    cure: 'Wait for it to finish. The lock of a process that was killed does not count.',
  },
  SPACECTL_CANNOT_READ: {
    cause: 'The file does not exist, or this user may not read it.',
    cure: 'Check the path and the file mode; the message names both.',
  },
  SPACECTL_CANNOT_WRITE: {
    cause: 'No permission, a full disk, a read-only file system, or a file where a directory is needed.',
    cure: 'Make room or choose another directory, and run the command again.',
  },
  SPACECTL_DIGEST_MISMATCH: {
    cause:
      'A download or image was altered, a proxy answered in place of the server, or the launcher is older than one seen before.',
    cure: 'Try again. If it fails again, do not use the file, and find out what altered it.',
  },
  SPACECTL_NOT_ALLOWED: {
    cause:
      'A login that has expired or lacks the permission; for a registry, a missing or wrong login. As root: a directory that other users can change.',
    cure: '`spacectl profile login ALIAS` and `spacectl whoami`; `docker login` for a registry.',
  },
  SPACECTL_NO_CREDENTIALS: {
    cause: 'Neither `SPACELIFT_API_*` variables are set, nor is a profile selected.',
    cure: '`spacectl profile login ALIAS`, or set `SPACELIFT_API_KEY_ENDPOINT`, `SPACELIFT_API_KEY_ID` and `SPACELIFT_API_KEY_SECRET`.',
  },
  SPACECTL_BAD_ANSWERS: {
    cause: 'YAML that cannot be parsed, a key that is misspelled, or a value that its flag would not accept.',
    cure: 'Correct the line that the message names. `spacectl schema` prints the schema for editors.',
  },
  SPACECTL_INTERRUPTED: {
    cause: 'Ctrl-C, or SIGTERM or SIGHUP from a supervisor.',
    cure: 'Run the same command again: it finishes or does nothing.',
  },
};
