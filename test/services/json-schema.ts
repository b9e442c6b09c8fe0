import { execa } from 'execa';

/** Debian's python3-jsonschema, which cloud-init validates its own files with. */
const VALIDATE = `
import json, sys, yaml, jsonschema
given = json.load(sys.stdin)
jsonschema.Draft7Validator.check_schema(given["schema"])
validator = jsonschema.Draft7Validator(given["schema"])
json.dump([[each.message for each in validator.iter_errors(yaml.safe_load(text))] for text in given["files"]], sys.stdout)`;

/** Validates YAML files with a JSON Schema, draft-07. @returns what is wrong with each */
export async function validate(schema: unknown, files: readonly string[]): Promise<readonly (readonly string[])[]> {
  const { stdout } = await execa('/usr/bin/python3', ['-c', VALIDATE], { input: JSON.stringify({ schema, files }) });
  return JSON.parse(stdout);
}
