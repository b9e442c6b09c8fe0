import type { Environment } from '../../oci/index.ts';

const TRUST_STORE = /-Djavax\.net\.ssl\.trustStore\b/;

/** Variables with options of a client, and the option by which it reads another store, without its value. */
const OPTIONS = {
  // nodejs.org/api/cli.html. In options, "_" is the same as "-".
  node: { NODE_OPTIONS: /--use[-_](?:bundled|openssl|system)[-_]ca\b/, NODE_USE_SYSTEM_CA: /^1$/ },
  // docs.oracle.com, Troubleshooting Guide (JAVA_TOOL_OPTIONS) and "The java Command" (JDK_JAVA_OPTIONS); the last is HotSpot's.
  java: { JAVA_TOOL_OPTIONS: TRUST_STORE, JDK_JAVA_OPTIONS: TRUST_STORE, _JAVA_OPTIONS: TRUST_STORE },
} as const satisfies Readonly<Record<string, Readonly<Record<string, RegExp>>>>;

/** Returns the variables of an image with options by which some client reads another store; of each, only the option. */
export function storeOptions(environment: Environment): Environment {
  const patterns: readonly [string, RegExp][] = Object.values(OPTIONS).flatMap((each) => Object.entries(each));
  return Object.fromEntries(
    patterns.flatMap(([name, pattern]) => {
      const [option] = pattern.exec(environment[name] ?? '') ?? [];
      return option === undefined ? [] : [[name, option] as const];
    }),
  );
}

/** Says which variable and option of an image make a client read another store; `undefined` if none does. */
export function storeOptionOf(client: keyof typeof OPTIONS, environment: Environment): string | undefined {
  const [found] = Object.entries(storeOptions(environment)).filter(([name]) => name in OPTIONS[client]);
  return found && `${found[0]} of the image has ${found[1]}`;
}
