import { UserError } from '../../core/errors.ts';
import { counted } from '../../core/words.ts';
import { type BootData, describeBootData } from './boot-data.ts';
import { type Boot, renderBootScript } from './boot-script.ts';

/** Computes the size of the boot data with the text of a boot script. */
export type Measure = (text: string) => BootData;

/**
 * Renders a boot script that fits into the cloud's boot data.
 * @param hasStore whether the bundle can go into an object store instead
 * @throws UserError `SPACECTL_TOO_LARGE`, which says how much fits
 */
export async function renderFitting(
  script: Boot,
  measure: Measure,
  { hasStore = true }: { hasStore?: boolean } = {},
): Promise<{ boot: string; bootData: BootData }> {
  const boot = await renderBootScript(script);
  const bootData = measure(boot);
  if (bootData.bytes <= bootData.limit) return { boot, bootData };
  const { cloud, delivery } = script;
  const store = { aws: 's3', azure: 'blob', gcp: 'gcs' }[cloud];
  const fitting = await certificatesThatFit(script, measure);
  throw new UserError('SPACECTL_TOO_LARGE', describeBootData(bootData, cloud), {
    suggestions: [
      ...(fitting ? [fitting] : []),
      ...(delivery?.by === 'store' || !hasStore ? [] : [`Put the bundle into an object store: --ca-delivery ${store}`]),
      ...(delivery?.by === 'inline' ? ['Let the host build the bundle at boot: --ca-delivery host'] : []),
    ],
  });
}

/** Says how many of the custom certificates fit into a boot script. Returns `undefined` if it carries none. */
async function certificatesThatFit(script: Boot, measure: Measure): Promise<string | undefined> {
  const { delivery, hostTrust } = script;
  const certificates = delivery?.by === 'host' ? delivery.certificates : hostTrust;
  const all = certificates && splitPem(certificates);
  if (!all || delivery?.by === 'inline') return undefined;
  const fits = async (count: number) => {
    const some = Buffer.from(all.slice(0, count).join(''));
    const text = await renderBootScript({
      ...script,
      ...(delivery?.by === 'host' && { delivery: { ...delivery, certificates: some } }),
      ...(hostTrust && { hostTrust: some }),
    });
    const { bytes, limit } = measure(text);
    return bytes <= limit;
  };
  let [most, least] = [all.length, 0];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (await fits(middle)) least = middle;
    else most = middle - 1;
  }
  return `Pass fewer certificates, only the roots: ${least} of your ${counted(all.length, 'certificate')} would fit`;
}

/** Splits a PEM file into certificates, each with its final line break. */
export function splitPem(pem: Uint8Array): readonly string[] {
  const text = Buffer.from(pem).toString('latin1');
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n?/g) ?? [];
}
