/** What the commands of a topic are about, by the topic's id: its words, joined by colons. */
export const TOPICS: Readonly<Record<string, string>> = {
  ami: "Spacelift's machine images on AWS, and when they are removed.",
  'ca-bundle': "The runner image's trust store, extended by your own CA certificates.",
  host: 'This machine as a worker: install, update, diagnose, uninstall.',
  keypair: "The worker pool's private key and certificate signing request.",
  launcher: 'The program that connects a host to the pool: downloaded and verified.',
  profile: "Credentials for Spacelift, shared with Spacelift's own CLI.",
  render: 'Files that turn a Linux host into a worker.',
  token: "The worker pool's token.",
  workerpool: 'Worker pools at Spacelift: created, inspected, maintained.',
  'workerpool:worker': 'The workers of a worker pool.',
};
