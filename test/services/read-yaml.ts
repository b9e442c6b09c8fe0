import { execa } from 'execa';
import { parse } from 'yaml';

/** PyYAML is one of YAML 1.1, which Ansible and cloud-init read with. Texts come back by their UTF-16 units. */
const READ = `
import json, sys, yaml
documents = json.load(sys.stdin)
json.dump([yaml.safe_load(text) for text in documents], sys.stdout)`;

/** Reads documents with PyYAML, in one start of Python. */
export async function readWithPyYaml(documents: readonly string[]): Promise<readonly unknown[]> {
  // Debian's own: PyYAML is a part of Ansible and of cloud-init there.
  const { stdout } = await execa('/usr/bin/python3', ['-c', READ], { input: JSON.stringify(documents) });
  return JSON.parse(stdout);
}

/** Reads a document with a parser of YAML 1.2, and of 1.1. */
export const readWithVersion = (text: string, version: '1.1' | '1.2') => parse(text, { version }) as unknown;
