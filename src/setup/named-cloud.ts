import { target } from '../render/index.ts';

/**
 * Returns the cloud of the Terraform configuration that a directory's spacectl.yaml names in hosts.target.
 * @returns `undefined` if it names none or several, or does not exist
 * @throws UserError `SPACECTL_BAD_ANSWERS` for a file that cannot be read
 */
export async function namedCloud(dir: string): Promise<string | undefined> {
  const { readPoolFile } = await import('../pool-folder/pool-file/index.ts');
  // Other keys are read, and their mistakes told, with the command's own inputs.
  const known = async () => ({ flags: new Map<string, string>(), secrets: new Set<string>() });
  const { answers } = await readPoolFile(dir, { inputs: { target }, known });
  const clouds = (answers['hosts.target'] ?? []).flatMap((each) => /^terraform-(.+)$/.exec(each)?.[1] ?? []);
  return clouds.length === 1 ? clouds[0] : undefined;
}
