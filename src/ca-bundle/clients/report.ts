import { listed } from '../../core/text.ts';
import { CLIENT_NAMES, type Client, type ClientId, NOT_EXAMINED } from './client.ts';
import type { ClientMap } from './map.ts';

/** What people are told about the clients of an image. */
export interface ClientReport {
  readonly notes: readonly string[];
  /** Clients that do not read the bundle, whatever is set. */
  readonly warnings: readonly string[];
  /** Variables to set. */
  readonly next: readonly string[];
}

/** Says which clients of an image read a bundle, and what to do for the others. @param hint how to examine the rest */
export function reportClients({ clients, mountPaths, neededBy }: ClientMap, hint: string | undefined): ClientReport {
  const isFound = ({ source }: Client) => source !== NOT_EXAMINED;
  const seeing = clients.filter(({ sees }) => sees === 'yes');
  const blind = clients.filter(({ sees }) => sees === 'no');
  const unknown = clients.filter((each) => !isFound(each));
  const uncertain = clients.filter((each) => isFound(each) && each.sees === 'unknown');
  // Of an image without a bundle, the first is one of them.
  const further = [...neededBy].filter(([path]) => path !== mountPaths[0]);
  const extra = further.map(([path, client]) => `${path} for ${CLIENT_NAMES[client]}`);
  const isTold = seeing.length > 0 && clients.some(isFound);
  return {
    notes: [
      ...(isTold ? [`Clients of the image that read the bundle: ${listed(namesOf(seeing))}`] : []),
      ...(extra.length > 0 ? [`The bundle is mounted over ${mountPaths[0]}, and over ${listed(extra)}`] : []),
      ...uncertain.map(
        ({ client, source }) => `${CLIENT_NAMES[client]} in the image may not read the bundle: not known (${source})`,
      ),
      ...(unknown.length > 0 ? [`Not examined: ${listed(namesOf(unknown))}${hint ? `. ${hint}` : ''}`] : []),
    ],
    warnings: blind.map(
      ({ client }) => `${CLIENT_NAMES[client]} in the image does not read the bundle: ${curesOf(client)}`,
    ),
    next: variablesFor(clients.filter(isFound), mountPaths[0] ?? ''),
  };
}

/** Lists the variables for clients that see the bundle only with them, in one step. */
function variablesFor(clients: readonly Client[], path: string): readonly string[] {
  const wanting = clients.filter(({ sees, variable }) => variable && (sees === 'with variable' || sees === 'unknown'));
  const byVariable = new Map<string, Client[]>();
  for (const each of wanting) {
    const name = each.variable ?? '';
    byVariable.set(name, [...(byVariable.get(name) ?? []), each]);
  }
  if (byVariable.size === 0) return [];
  const settings = [...byVariable].map(([name, some]) => `${name}=${path} (${listed(namesOf(some))})`);
  return [
    `Set in Spacelift, in a context or in the environment of each stack that uses the image: ${settings.join(', ')}`,
  ];
}

function curesOf(client: ClientId): string {
  if (client === 'java')
    return 'it reads a key store of its own. Import the CA there with keytool when you build the image, or set JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStore=FILE';
  return "it reads p11-kit's store. Add the CA when you build the image: trust anchor FILE";
}

function namesOf(clients: readonly Client[]): readonly string[] {
  return clients.map(({ client }) => CLIENT_NAMES[client]);
}
