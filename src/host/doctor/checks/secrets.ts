import { quoteIfNeeded } from '../../../core/text.ts';
import { CSR_FILE, KEY_FILE } from '../../../pki/index.ts';
import { TOKEN_FILE } from '../../../pool-folder/index.ts';
import { SERVICE } from '../../install/install-record.ts';
import { bad, type Check, type Cure, defineCheck, type Finding, good, skipped, warning } from '../check.ts';
import { installAgain } from '../cures.ts';
import type { Facts } from '../facts/facts.ts';
import { valuesOf } from '../facts/units.ts';

const AFTER = ['service', 'process', 'worker'];

/** Checks that the token and the key exist, are valid, and match. */
const secrets = defineCheck({
  id: 'secrets',
  title: 'Token and key',
  stage: 'always',
  needs: ['installation', 'processes', 'units', 'paths', 'files'],
  judge({ installation, processes, units, paths, files }) {
    const explains = { explains: [...AFTER, 'installed-files//etc/spacelift/secrets.env'] };
    const unit = units.get(SERVICE);
    const wanted = [
      ...valuesOf(unit, 'EnvironmentFile'),
      ...valuesOf(unit, 'LoadCredential').map((each) => each.replace(/^[^:]*:/, '')),
    ];
    if (wanted.includes('/etc/spacelift/secrets.env') && paths.entries.get('/etc/spacelift/secrets.env') === undefined)
      return bad(
        '/etc/spacelift/secrets.env, which holds the token and the private key, does not exist',
        installAgain(installation),
        explains,
      );
    if (files.canDecrypt === false)
      return bad(
        '/etc/spacelift/secrets.env.cred cannot be decrypted: it was encrypted on another machine, or its key was replaced',
        installAgain(installation),
        explains,
      );
    const isFetched = wanted.includes('-/run/spacelift/secrets.env');
    if (
      isFetched &&
      unit?.active !== 'active' &&
      paths.entries.get('/run/spacelift') !== undefined &&
      installation.secrets?.origin !== '/run/spacelift/secrets.env'
    )
      return bad(
        'the secrets could not be fetched at the last start',
        {
          fix: 'See why, and start it again',
          commands: ['/usr/local/sbin/spacelift-fetch-secrets', `systemctl start ${SERVICE}`],
        },
        explains,
      );
    // Encrypted or fetched secrets are seen in the running launcher only.
    const found = installation.secrets ?? processes.launcher?.secrets;
    if (!found)
      return skipped(
        'no readable environment file with secrets: they are fetched at start, encrypted, or not installed yet',
      );
    if (found === installation.secrets && !installation.environmentFiles.some(({ path }) => path === found.origin))
      return judgePool(found, explains);
    return judgeSecrets(found, installation, explains);
  },
});

type Secrets = NonNullable<Facts['installation']['secrets']>;

function judgeSecrets(
  secrets: Secrets,
  installation: Facts['installation'],
  explains: { readonly explains: readonly string[] },
): Finding {
  const { origin, hasToken, hasKey, isKeyReadable, problem } = secrets;
  const again = installAgain(installation, "Install again with the token and key in the pool's directory");
  if (!hasToken || !hasKey)
    return bad(
      `${origin} does not set ${hasToken ? 'SPACELIFT_POOL_PRIVATE_KEY' : 'SPACELIFT_TOKEN'}`,
      again,
      explains,
    );
  if (!isKeyReadable)
    return bad(
      'SPACELIFT_POOL_PRIVATE_KEY is not the base64 of a PEM private key',
      { ...again, fix: `${again.fix}. By hand: spacectl keypair encode spacelift.key` },
      explains,
    );
  if (problem !== undefined) return bad(problem, again, explains);
  return judgeMatch(secrets, explains);
}

function judgeMatch({ token, match }: Secrets, explains: { readonly explains: readonly string[] }): Finding {
  if (match === false)
    return bad(
      'the token was made for another key',
      {
        fix: "Read the pool's token again: spacectl workerpool token. If it is for another key too, install the pool's own key; a reset of the pool cuts off all its workers",
      },
      explains,
    );
  return good(
    token && token.certificates.length > 0
      ? 'the token contains a certificate for this key'
      : 'both are readable; the token contains no certificate to compare',
  );
}

/** Judges token and key in the pool's directory: nothing is installed yet. */
function judgePool(secrets: Secrets, explains: { readonly explains: readonly string[] }): Finding {
  const { origin, hasToken, hasKey, isKeyReadable, problem } = secrets;
  const fetchToken = `spacectl workerpool token --dir ${quoteIfNeeded(origin)}`;
  const where = origin === '.' ? 'The working directory' : origin;
  const cure = (fix: string): Cure => ({ fix });
  if (!hasKey)
    return bad(
      `${where} has no ${KEY_FILE}`,
      cure(
        `Copy the pool's private key there. For a new pool: spacectl keypair generate --dir ${quoteIfNeeded(origin)}`,
      ),
      explains,
    );
  if (!hasToken)
    return bad(
      `${where} has no ${TOKEN_FILE}`,
      cure(`Create the pool in Spacelift with ${CSR_FILE}, and save its token there. If it exists: ${fetchToken}`),
      explains,
    );
  if (!isKeyReadable)
    return bad(
      `${KEY_FILE} in ${origin} is not a PEM private key`,
      cure("Copy the pool's private key there"),
      explains,
    );
  if (problem !== undefined) return bad(problem, cure(`Read the pool's token again: ${fetchToken}`), explains);
  return judgeMatch(secrets, explains);
}

/** Days before the expiry of a certificate in which to warn. */
const WARN_DAYS = 14;
const DAY = 24 * 60 * 60 * 1000;

/** Checks the dates of the certificate in the token: with an expired one, Spacelift rejects the worker. */
const tokenCertificate = defineCheck({
  id: 'token-certificate',
  title: 'Certificate in the token',
  stage: 'always',
  needs: ['certificates'],
  judge({ certificates: { token, now } }) {
    if (token.length === 0) return skipped('no readable token, or none with a certificate');
    const explains = { explains: ['worker/not-connected'] };
    const renew = {
      fix: 'Reset the pool, which makes a new certificate and cuts off all its workers (spacectl workerpool reset), then install the new token everywhere',
    };
    // A renewed one may be beside the old one.
    const notAfter = new Date(Math.max(...token.map((each) => each.notAfter.getTime())));
    const notBefore = new Date(Math.min(...token.map((each) => each.notBefore.getTime())));
    const day = (date: Date) => date.toISOString().slice(0, 10);
    if (notAfter < now) return bad(`expired on ${day(notAfter)}`, renew, explains);
    if (notBefore > now)
      return bad(
        `is not valid before ${notBefore.toISOString()}, and this machine's clock says ${now.toISOString()}`,
        { fix: "Set this machine's clock", commands: ['timedatectl set-ntp true'] },
        explains,
      );
    if (notAfter.getTime() - now.getTime() < WARN_DAYS * DAY) return warning(`expires on ${day(notAfter)}`, renew);
    return good(`valid until ${day(notAfter)}`);
  },
});

/** Checks that the token in the pool's directory is the one that Spacelift has: a reset elsewhere makes it useless. */
const poolToken = defineCheck({
  id: 'pool-token',
  title: 'Token at Spacelift',
  stage: 'always',
  needs: ['poolToken'],
  judge({ poolToken: token }) {
    if (!token) return skipped('the directory has no pool, or there are no credentials for its account');
    if (token.state === 'current') return good(token.meaning);
    return token.advice ? bad(token.meaning, { fix: token.advice }) : skipped(token.meaning);
  },
});

export const secretChecks: readonly Check[] = [secrets, tokenCertificate, poolToken];
