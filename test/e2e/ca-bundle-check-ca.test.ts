import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { makeCertificate } from '../services/certificate.ts';
import { PROGRAM, spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const pemOf = (CN: string, more: object = {}) => makeCertificate({ subject: { CN }, ...more }).pem;
const base = pemOf('Base');
const [one, two, three] = [pemOf('One'), pemOf('Two'), pemOf('Three')];

/** A folder with files, the pool in it, and what the commands say there. */
async function poolWith(files: Readonly<Record<string, string>>, ...build: readonly string[]) {
  const folder = await temporaryFolder();
  const put = async (name: string, text: string) => {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  };
  for (const [name, text] of Object.entries({ 'base.pem': base, ...files })) await put(name, text);
  const run = async (input: string | undefined, ...args: readonly string[]) => {
    const given = input === undefined ? {} : ({ stdin: 'pipe', input } as const);
    const { exitCode, stdout, stderr } = await spacectl(['ca-bundle', ...args, '--dir', 'pool', '--json'], {
      cwd: folder,
      ...given,
    });
    return { exitCode, stderr: String(stderr), ...JSON.parse(String(stdout)) };
  };
  const built = await run(three, 'build', '--image', 'base.pem', ...build);
  expect(built).toMatchObject({ exitCode: 0 });
  const check = async (...flags: readonly string[]) => {
    const { exitCode, facts, changes, notes, warnings, error, findings } = await run(undefined, 'check', ...flags);
    const reasons = facts?.caBundleCheck.reasons.map(({ kind }: { kind: string }) => kind);
    return {
      exitCode,
      reasons,
      findings,
      notes,
      warnings,
      error,
      statuses: changes?.map(({ status }: { status: string }) => status),
    };
  };
  const subjects = async () => {
    const text = await readFile(path.join(folder, 'pool/custom-ca-bundle.crt'), 'utf8');
    return [...text.matchAll(/^# (CN=\w+)/gm)].map(([, subject]) => subject);
  };
  const lock = async () => JSON.parse(await readFile(path.join(folder, 'pool/custom-ca-bundle.lock.json'), 'utf8'));
  return { folder, put, check, subjects, lock };
}

testWith()('the lock file keeps the digest of each file, by its path from the lock file', async () => {
  const { lock, check } = await poolWith(
    { 'one.pem': one, 'cas/two.crt': two, 'cas/notes.txt': 'none' },
    '--ca=one.pem',
    '--ca=-',
    '--ca=cas',
  );
  const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect((await lock()).given).toEqual([
    { files: [{ path: '../one.pem', sha256 }] },
    { files: [] },
    { folder: '../cas', files: [{ path: '../cas/two.crt', sha256 }] },
  ]);
  expect(await check()).toMatchObject({ exitCode: 0, reasons: [] });
});

testWith()('a file of --ca that was renewed is a reason, and --update takes what it holds now', async () => {
  const { put, check, subjects } = await poolWith(
    { 'one.pem': one, 'two.pem': two },
    '--ca=one.pem',
    '--ca=-',
    '--ca=two.pem',
  );
  await put('one.pem', pemOf('Renewed'));
  expect(await check()).toMatchObject({
    exitCode: 10,
    reasons: ['ca-changed'],
    findings: ['pool/../one.pem has changed since the bundle was built'].map((each) => path.normalize(each)),
  });
  expect(await check('--update')).toMatchObject({ exitCode: 0, statuses: ['change', 'change'] });
  expect(await subjects()).toEqual(['CN=Renewed', 'CN=Three', 'CN=Two']);
  expect(await check()).toMatchObject({ exitCode: 0, reasons: [] });
});

testWith()('a certificate that a replaced file shared with another one is not lost', async () => {
  const { put, check, subjects } = await poolWith(
    { 'one.pem': one + two, 'two.pem': two },
    '--ca=one.pem',
    '--ca=two.pem',
  );
  await put('one.pem', one);
  expect(await check('--update')).toMatchObject({ exitCode: 0 });
  expect(await subjects()).toEqual(['CN=One', 'CN=Two']);
});

testWith()('a file of --ca that is gone is a reason, and --update keeps its certificates', async () => {
  const { folder, check, subjects } = await poolWith(
    { 'one.pem': one, 'two.pem': two },
    '--ca=one.pem',
    '--ca=two.pem',
  );
  await rm(path.join(folder, 'one.pem'));
  expect(await check()).toMatchObject({
    exitCode: 10,
    reasons: ['ca-missing'],
    findings: ['one.pem no longer exists'],
  });
  expect(await check('--update')).toMatchObject({ exitCode: 10, statuses: [] });
  await writeFile(path.join(folder, 'base.pem'), base + three);
  expect(await check('--update')).toMatchObject({ exitCode: 10, statuses: ['change', 'change'] });
  expect(await subjects()).toEqual(['CN=One', 'CN=Two']);
});

testWith()('a new, renewed or removed file in the directory of --ca is a reason', async () => {
  const { folder, put, check, subjects } = await poolWith({ 'cas/b.crt': one, 'cas/c.crt': two }, '--ca=cas');
  await put('cas/README', 'not a certificate file');
  expect(await check()).toMatchObject({ exitCode: 0, reasons: [] });
  await put('cas/a.crt', three);
  expect(await check()).toMatchObject({ exitCode: 10, reasons: ['ca-added'], findings: ['cas/a.crt is new'] });
  expect(await check('--update')).toMatchObject({ exitCode: 0, statuses: ['change', 'change'] });
  expect(await subjects()).toEqual(['CN=Three', 'CN=One', 'CN=Two']);
  await put('cas/b.crt', pemOf('Renewed'));
  await rm(path.join(folder, 'cas/c.crt'));
  expect((await check()).reasons).toEqual(['ca-changed', 'ca-missing']);
  expect(await check('--update')).toMatchObject({ exitCode: 0 });
  expect(await subjects()).toEqual(['CN=Three', 'CN=Renewed']);
  expect(await check()).toMatchObject({ exitCode: 0, reasons: [] });
  await rename(path.join(folder, 'cas'), path.join(folder, 'gone'));
  expect(await check('--update')).toMatchObject({
    exitCode: 10,
    reasons: ['ca-missing'],
    findings: ['cas no longer exists'],
  });
});

testWith()('a renewed file is held to the rules that the bundle was built with', async () => {
  const old = pemOf('Old', { notBefore: new Date('2001-01-01'), notAfter: new Date('2002-01-01') });
  const leaf = pemOf('Leaf', { isCa: false });
  const strict = await poolWith({ 'one.pem': one }, '--ca=one.pem');
  await strict.put('one.pem', old);
  expect(await strict.check()).toMatchObject({ exitCode: 10, reasons: ['ca-changed'] });
  expect(await strict.check('--update')).toMatchObject({ exitCode: 65, error: { code: 'SPACECTL_BAD_CERTIFICATE' } });
  const lenient = await poolWith({ 'one.pem': one }, '--ca=one.pem', '--skip-expired', '--allow-non-ca');
  await lenient.put('one.pem', old + leaf);
  expect(await lenient.check('--update')).toMatchObject({
    exitCode: 0,
    notes: expect.arrayContaining([expect.stringMatching(/^Skipped: .*CN=Old/)]),
  });
  expect(await lenient.subjects()).toEqual(['CN=Leaf']);
  expect((await lenient.lock()).policy).toEqual({ expired: 'skip', allowNonCa: true });
});

testWith('bash')("what came from a shell's <(…) is not looked for again, and --update keeps it", async () => {
  const { folder, check, subjects, lock } = await poolWith({ 'one.pem': one, 'two.pem': two }, '--ca=one.pem');
  const flags = ['--dir', 'pool', '--image', 'base.pem', '--ca', 'one.pem'];
  const script = '"$@" --ca <(cat two.pem) --ca <(cat one.pem two.pem)';
  const command = ['-c', script, 'bash', process.execPath, PROGRAM, 'ca-bundle', 'build', ...flags];
  expect(await execa('bash', command, { cwd: folder, reject: false })).toMatchObject({ exitCode: 0 });
  expect((await lock()).given).toMatchObject([{ files: [{ path: '../one.pem' }] }, { files: [] }, { files: [] }]);
  expect(await check()).toMatchObject({ exitCode: 0, reasons: [] });
  await writeFile(path.join(folder, 'base.pem'), base + three);
  expect(await check('--update')).toMatchObject({ exitCode: 0 });
  expect(await subjects()).toEqual(['CN=One', 'CN=Two']);
});

testWith()('what a renewed file brings is warned of as build does', async () => {
  const { put, check } = await poolWith({ 'one.pem': one }, '--ca=one.pem');
  const soon = pemOf('Soon', { notAfter: new Date(Date.now() + 9 * 86_400_000) });
  await put('one.pem', one + soon);
  const { exitCode, warnings } = await check('--update', '--within', '5d');
  expect({ exitCode, warnings }).toEqual({ exitCode: 0, warnings: [expect.stringMatching(/^CN=Soon expires on /)] });
});

testWith()('--update with --lock writes that lock file, and never a bundle elsewhere', async () => {
  const { folder, check, lock } = await poolWith({ 'one.pem': one }, '--ca=one.pem');
  const pool = path.join(folder, 'pool');
  await rename(path.join(pool, 'custom-ca-bundle.lock.json'), path.join(pool, 'other.json'));
  await writeFile(path.join(folder, 'base.pem'), base + two);
  expect(await check('--lock', 'pool/other.json', '--update')).toMatchObject({
    exitCode: 0,
    statuses: ['change', 'change'],
  });
  expect(await readdir(pool)).toEqual(['custom-ca-bundle.crt', 'other.json']);
  expect(await check('--lock', 'pool/other.json')).toMatchObject({ exitCode: 0, reasons: [] });

  await rename(path.join(pool, 'other.json'), path.join(pool, 'custom-ca-bundle.lock.json'));
  const { result, ...rest } = await lock();
  const before = await readdir(folder);
  for (const [file, source] of [
    ['../../x.crt', 'file'],
    ['/tmp/x.crt', 'file'],
    [result.file, 'ftp'],
    [result.file, 'registry'],
  ]) {
    const changed = { ...rest, source, result: { ...result, file, sha256: '0'.repeat(64) } };
    await writeFile(path.join(pool, 'custom-ca-bundle.lock.json'), JSON.stringify(changed));
    expect(await check('--update', '--force')).toMatchObject({ exitCode: 65, error: { code: 'SPACECTL_BAD_DATA' } });
    expect(await lock()).toEqual(changed);
    expect([await readdir(folder), await readdir(path.dirname(folder))]).toEqual([
      before,
      expect.not.arrayContaining(['x.crt']),
    ]);
  }
});
