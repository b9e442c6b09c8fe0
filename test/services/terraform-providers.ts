import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const PROVIDERS = { aws: 'hashicorp', azurerm: 'hashicorp', google: 'hashicorp', spacelift: 'spacelift-io' } as const;
/** Releases that the version constraints of what is rendered accept. */
const VERSIONS = { aws: '6.25.0', azurerm: '4.50.0', google: '7.10.0', spacelift: '1.20.0' } as const;

/** Writes a mirror of stand-in providers, and a configuration of Terraform that takes providers from nowhere else. */
export async function offlineProviders(folder: string): Promise<void> {
  const mirror = path.join(folder, '.mirror');
  const program = path.resolve('test/services/terraform-provider/main.mjs');
  for (const [name, namespace] of Object.entries(PROVIDERS)) {
    const version = VERSIONS[name as keyof typeof VERSIONS];
    const place = path.join(mirror, 'registry.terraform.io', namespace, name, version, 'linux_amd64');
    await mkdir(place, { recursive: true });
    const script = `#!/bin/sh\nexec '${process.execPath}' '${program}' ${name}\n`;
    await writeFile(path.join(place, `terraform-provider-${name}_v${version}`), script, { mode: 0o755 });
  }
  await writeFile(
    path.join(folder, '.terraformrc'),
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
  );
}
