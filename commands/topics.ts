/** Description of each topic by its id: its words, joined by colons. */
export const TOPICS: Readonly<Record<string, string>> = {
  ami: "Spacelift's machine images on AWS, and when they are removed.",
  'ca-bundle': "The runner image's trust store, extended by your own CA certificates.",
  host: 'This machine as a worker: install, update, diagnose, uninstall.',
  keypair: "The worker pool's private key and certificate signing request.",
  launcher: 'The program that connects a host to its pool: download and verify it.',
  profile: "Credentials for Spacelift, shared with Spacelift's own CLI.",
  render: 'Files that turn a Linux host into a worker.',
  token: "The worker pool's token.",
  workerpool: 'Worker pools in Spacelift: create, inspect and maintain them.',
  'workerpool:worker': 'The workers of a worker pool.',
};
