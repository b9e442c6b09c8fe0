import { CLIENT_NAMES } from '../../../ca-bundle/index.ts';
import { listed, quoteIfNeeded } from '../../../core/text.ts';
import { bad, type Check, type Cure, defineCheck, type Finding, good, skipped, warning } from '../check.ts';
import { RESTART } from '../cures.ts';
import type { RunnerClient } from '../facts/clients.ts';
import type { Installation } from '../facts/installation.ts';

/** Checks that the clients of the runner image read the bundle where it is mounted. */
const clientCheck = defineCheck({
  id: 'bundle-clients',
  title: 'Clients in a runner container',
  stage: 'installed',
  needs: ['clients', 'installation'],
  judge({ clients: { reason, clients, neededBy }, installation }) {
    if (reason !== undefined) return skipped(reason);
    const unmounted = [...neededBy].map(([path, client]) =>
      notMounted(CLIENT_NAMES[client], path, client, installation),
    );
    const lost = clients.flatMap((each) => (each.sees === 'yes' && each.hasBundle === false ? [notThere(each)] : []));
    const findings = [...unmounted, ...lost];
    return findings.length > 0 ? findings : good(summaryOf(clients));
  },
});

/** The launcher's own programs, Terraform and the worker, are Go: they fail. Other clients may not be needed. */
function notMounted(name: string, path: string, client: string, installation: Installation): Finding {
  const evidence = `reads ${path}, over which the bundle is not mounted`;
  const more = { about: name, explains: ['bundle-handshake'] };
  return client === 'go'
    ? bad(evidence, mountAt(path, installation), more)
    : warning(evidence, mountAt(path, installation), more);
}

function mountAt(path: string, { poolFolder }: Installation): Cure {
  const command = (dir: string) => `spacectl host install --dir ${dir} --mount-path ${quoteIfNeeded(path)}`;
  if (poolFolder === undefined)
    return { fix: `Install again from the pool's directory, with the same flags: ${command('DIR')}` };
  return { fix: 'Install again, with the flags of the installation', commands: [command(quoteIfNeeded(poolFolder))] };
}

function notThere({ client, reads }: RunnerClient): Finding {
  return bad(
    `reads ${listed(reads)}, where a container does not have the bundle`,
    { fix: 'The engine may have mounted the bundle before it was replaced: restart the service', commands: [RESTART] },
    { about: CLIENT_NAMES[client], explains: ['bundle-handshake'] },
  );
}

/** Says who reads the bundle, and what the others need. */
function summaryOf(clients: readonly RunnerClient[]): string {
  const namesOf = (some: readonly RunnerClient[]) => listed(some.map(({ client }) => CLIENT_NAMES[client]));
  const seeing = clients.filter(({ sees }) => sees === 'yes');
  const wanting = clients.filter(({ sees, variable }) => sees !== 'yes' && variable !== undefined);
  const blind = clients.filter(({ sees }) => sees === 'no');
  const unknown = clients.filter(({ sees, variable }) => sees === 'unknown' && variable === undefined);
  const variables = wanting.map(({ client, variable }) => `${CLIENT_NAMES[client]} (${variable})`);
  return [
    `the bundle is read by ${namesOf(seeing)}`,
    ...(variables.length > 0 ? [`with a variable by ${listed(variables)}`] : []),
    ...(blind.length > 0 ? [`not by ${namesOf(blind)}`] : []),
    ...(unknown.length > 0 ? [`unknown for ${namesOf(unknown)}`] : []),
  ].join('; ');
}

export const clientChecks: readonly Check[] = [clientCheck];
