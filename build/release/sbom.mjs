import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';

/**
 * A bill of materials in CycloneDX's JSON, as far as it is read here.
 * @typedef {object} Bom
 * @property {string} serialNumber
 * @property {{ timestamp: string, component: Component }} metadata
 * @property {Component[]} components
 * @property {{ ref: string, dependsOn?: string[] }[]} dependencies
 *
 * @typedef {object} Component
 * @property {string} [bom-ref]
 * @property {string} type
 * @property {string} name
 * @property {string} version
 * @property {string} [purl]
 * @property {{ name: string, value: string }[]} [properties]
 */

/**
 * Lists what the program contains: of npm's own list, which names every development tool, the packages that are bundled.
 * The same commit gives the same bytes: the time is that of the commit, and the serial number follows from the rest.
 * @param {string} root
 * @param {object} of
 * @param {readonly string[]} of.bundled `NAME@VERSION` of each package in dist/
 * @param {number} of.time in seconds
 * @param {Readonly<Record<string, string>>} [of.node] `process.versions` of the Node program that the executable contains
 * @returns {string} CycloneDX 1.5 as JSON
 */
export function writeSbom(root, { bundled, time, node }) {
  const options = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
  /** @type {Bom} */
  const bom = JSON.parse(
    execFileSync('npm', options, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  const { metadata } = bom;
  const name = (metadata.component.purl ?? '').replace(/^pkg:npm\/|@[^@]*$/g, '');
  const main = metadata.component['bom-ref'] ?? name;
  const kept = bom.components
    .filter((each) => bundled.includes(`${each.name}@${each.version}`))
    .map(withoutDevelopment);
  const missing = bundled.filter(
    (each) => !kept.some((component) => `${component.name}@${component.version}` === each),
  );
  if (missing.length > 0) throw new Error(`the lockfile does not name ${missing.join(', ')}`);
  const refs = new Set([main, ...kept.map((each) => each['bom-ref'] ?? '')]);
  const dependencies = bom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }));
  const whole = {
    ...bom,
    serialNumber: '',
    // npm takes the name from the directory.
    metadata: {
      ...metadata,
      timestamp: new Date(time * 1000).toISOString(),
      component: { ...metadata.component, name },
    },
    components: node ? [...kept, ...componentsOfNode(node)] : kept,
    dependencies,
  };
  return `${JSON.stringify({ ...whole, serialNumber: serialOf(JSON.stringify(whole)) }, null, 2)}\n`;
}

/**
 * It is a development dependency of ours because it is bundled, but the user gets it.
 * @param {Component} component
 * @returns {Component}
 */
function withoutDevelopment(component) {
  const properties = (component.properties ?? []).filter(({ name }) => name !== 'cdx:npm:package:development');
  return { ...component, properties };
}

/**
 * Lists Node and the libraries in it, by the names that Node gives them.
 * @param {Readonly<Record<string, string>>} versions
 * @returns {Component[]}
 */
function componentsOfNode({ node = '', ...versions }) {
  // What is no library, or was left out of the build.
  const libraries = Object.entries(versions).filter(
    ([name, version]) => version && !['modules', 'napi'].includes(name),
  );
  return [['node', node], ...libraries].map(([name = '', version = '']) => ({
    'bom-ref': `node/${name}@${version}`,
    type: name === 'node' ? 'application' : 'library',
    name,
    version,
    purl: `pkg:generic/${name}@${encodeURIComponent(version)}`,
  }));
}

/**
 * Makes a UUID of text (RFC 9562, version 8).
 * @param {string} text
 */
function serialOf(text) {
  const hex = createHash('sha256').update(text).digest('hex');
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
