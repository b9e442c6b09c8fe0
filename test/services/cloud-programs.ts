import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from './temporary.ts';

/** What a program prints, by the words that its command line has in it. Without an entry, it fails with exit code 99. */
export type Answers = Readonly<
  Record<string, { readonly stdout?: unknown; readonly stderr?: string; readonly exitCode?: number }>
>;

/**
 * Makes stand-ins for `az` and `gcloud`. Returns a `PATH` with these programs only.
 * Which options they take was seen of gcloud 528.0.0 (`test/ami/gcloud.test.ts`), and read of az
 * (Azure/azure-cli, aaz/latest/sig/image_version/_list_community.py@1446a8d).
 */
export async function pathWith(programs: Readonly<Record<'az' | 'gcloud', Answers | undefined>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, answers] of Object.entries(programs)) {
    if (answers) await writeProgram(path.join(folder, name), answers);
  }
  return folder;
}

async function writeProgram(file: string, answers: Answers): Promise<void> {
  const code = `#!${process.execPath}
const answers = ${JSON.stringify(answers)};
const line = process.argv.slice(2).join(' ');
const key = Object.keys(answers).find((each) => line.includes(each));
const { stdout, stderr = '', exitCode = 0 } = answers[key] ?? { stderr: 'ERROR: unexpected: ' + line, exitCode: 99 };
if (stdout !== undefined) console.log(typeof stdout === 'string' ? stdout : JSON.stringify(stdout));
if (stderr) console.error(stderr);
process.exitCode = exitCode;
`;
  await writeFile(file, code);
  await chmod(file, 0o755);
}
