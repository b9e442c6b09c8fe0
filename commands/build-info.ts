import { findInstallation, INSTALLATIONS, type Installation } from '../src/core/installation.ts';
import { readPackageFile } from '../src/core/package-files.ts';
import { VERSION, VERSION_LINE } from './version.ts';

/** What `--version --json` prints. */
export interface BuildInfo {
  readonly version: string;
  /** Of the sources; `null` if they were built outside of a git checkout. */
  readonly commit: string | null;
  /** Whether the sources differed from the commit. */
  readonly isModified: boolean;
  /** Version of Node, without "v". */
  readonly node: string;
  /** As Node names it: `linux-x64`. */
  readonly platform: string;
  readonly installation: Installation;
}

/** Finds out which build this is, and how it was installed. */
export function findBuildInfo(): BuildInfo {
  const { commit, isModified } = JSON.parse(readPackageFile('dist/build.json'));
  const platform = `${process.platform}-${process.arch}`;
  return {
    version: VERSION,
    commit,
    isModified,
    node: process.versions.node,
    platform,
    installation: findInstallation(),
  };
}

/** Describes the build, as `--version` prints it. */
export function formatVersion(asJson: boolean): string {
  const info = findBuildInfo();
  if (asJson) return `${JSON.stringify(info, null, 2)}\n`;
  const { commit, isModified, installation } = info;
  const build = commit === null ? 'not from a git checkout' : `${commit}${isModified ? ', with changes' : ''}`;
  const installed = `${INSTALLATIONS[installation.kind]}: ${installation.path}`;
  return `${VERSION_LINE}\ncommit     ${build}\ninstalled  ${installed}\n`;
}
