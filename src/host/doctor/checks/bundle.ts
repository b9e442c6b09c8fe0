import { quoteIfNeeded } from '../../../core/text.ts';
import { bad, type Check, defineCheck, type Finding, orGood, skipped, warning } from '../check.ts';
import { installAgain, rebuildBundle } from '../cures.ts';
import type { CertificateFile } from '../facts/certificates.ts';
import type { Facts } from '../facts/facts.ts';

const DAY = 24 * 60 * 60 * 1000;
const CUSTOM = '/etc/spacelift/custom-ca.crt';

type Given = Pick<Facts, 'certificates' | 'installation' | 'paths'>;

/** Checks the files of certificates: what is mounted, and what is added to it. */
const files = defineCheck({
  id: 'bundle-files',
  title: 'CA certificates',
  stage: 'installed',
  needs: ['certificates', 'installation', 'paths'],
  judge(facts) {
    const all = facts.certificates.files;
    if (all.length === 0) return skipped('no bundle is mounted into runner containers');
    // An added certificate is in the bundle too: it is reported where it comes from.
    const hasSource = all.some(({ path }) => path === CUSTOM);
    const findings = all.flatMap((file) => [
      ...judgeFile(file, facts),
      ...(hasSource && file.path !== CUSTOM ? [] : judgeDates(file, facts)),
    ]);
    return orGood(findings, all.map(({ path, total }) => `${path}: ${total} certificates`).join(', '));
  },
});

function judgeFile(
  { path, mode, isDirectory, total, hasPrivateKey, problems }: CertificateFile,
  facts: Given,
): readonly Finding[] {
  const isMounted = path !== CUSTOM;
  const more = {
    about: path,
    explains: [
      `installed-files/${path}`,
      'bundle-mounted',
      'bundle-clients',
      'bundle-current',
      'bundle-handshake',
      'updates/bundle',
      'worker/bundle-not-seen',
      'worker/bundle-update-failed',
      ...(isMounted ? [] : ['service', 'worker']),
    ],
  };
  const name = quoteIfNeeded(path);
  const again = isMounted ? rebuildBundle(facts) : installAgain(facts.installation);
  if (mode === undefined) return [bad('does not exist: Docker mounts an empty directory instead', again, more)];
  if (isDirectory) {
    const commands = again.commands ? { commands: [`rmdir ${name}`, ...again.commands] } : {};
    return [
      bad(
        'is a directory: Docker made it because the file was missing',
        { fix: `Remove it. ${again.fix}`, ...commands },
        more,
      ),
    ];
  }
  if (hasPrivateKey)
    return [
      bad(
        'contains a private key, and runs can read it',
        { fix: `Remove the key from the file, and replace the key. ${again.fix}` },
        more,
      ),
    ];
  if (total === 0) return [bad('contains no certificate', again, more)];
  if (problems.length > 0)
    return [bad(`${problems[0]}${problems.length > 1 ? `, and ${problems.length - 1} more` : ''}`, again, more)];
  if (isMounted && (mode & 0o004) === 0)
    return [
      bad(
        `mode ${mode.toString(8)}: runs, which are not root, cannot read it`,
        { fix: 'Let everyone read it', commands: [`chmod 644 ${name}`] },
        more,
      ),
    ];
  return [];
}

function judgeDates(
  { path, added }: CertificateFile,
  { certificates: { now }, installation }: Given,
): readonly Finding[] {
  const again = installAgain(
    installation,
    'Build the bundle with its successor (spacectl ca-bundle build --ca FILE), and install again',
  );
  return added.flatMap(({ subject, notAfter, notBefore }) => {
    // A renewed certificate has the same subject.
    const isRenewed = added.some(
      (other) => other.subject === subject && other.notAfter > now && other.notAfter > notAfter,
    );
    const date = notAfter.toISOString().slice(0, 10);
    const more = { about: path, explains: ['bundle-handshake'] };
    const cure = { fix: again.fix };
    if (notBefore > now)
      return [
        bad(
          `${subject} is not valid before ${notBefore.toISOString().slice(0, 10)}`,
          { fix: "Check this machine's clock" },
          more,
        ),
      ];
    if (isRenewed || notAfter.getTime() - now.getTime() > 30 * DAY) return [];
    return notAfter < now
      ? [bad(`${subject} expired on ${date}`, cure, more)]
      : [warning(`${subject} expires on ${date}`, cure, more)];
  });
}

export const bundleChecks: readonly Check[] = [files];
