import { UserError } from '../../core/errors.ts';
import { counted } from '../../core/text.ts';
import { type BootData, describeBootData } from './boot-data.ts';
import { type Boot, renderBootScript } from './boot-script.ts';
import { OBJECT_STORES } from './limits.ts';

/** Computes the size of the boot data with the text of a boot script. */
export type Measure = (text: string) => BootData;

/** What else decides whether boot data fits. */
interface Surroundings {
  /** Whether the bundle can go into an object store instead. */
  readonly hasStore?: boolean;
  /** Certificates that the module itself pastes, and the boot data with some of them. */
  readonly pasted?: { readonly certificates: readonly string[]; measure(certificates: readonly string[]): BootData };
}

/** Renders a boot script that fits into the cloud's boot data. @throws UserError `SPACECTL_TOO_LARGE`, which says how much fits */
export async function renderFitting(
  script: Boot,
  measure: Measure,
  { hasStore = true, pasted }: Surroundings = {},
): Promise<{ boot: string; bootData: BootData }> {
  const boot = await renderBootScript(script);
  const bootData = measure(boot);
  if (bootData.bytes <= bootData.limit) return { boot, bootData };
  const { cloud, delivery } = script;
  const store = OBJECT_STORES[cloud];
  const fitting = pasted
    ? fewer(
        pasted.certificates.length,
        await mostThat(pasted.certificates.length, async (count) => {
          const { bytes, limit } = pasted.measure(pasted.certificates.slice(0, count));
          return bytes <= limit;
        }),
      )
    : await certificatesThatFit(script, measure);
  throw new UserError('SPACECTL_TOO_LARGE', describeBootData(bootData, cloud), {
    suggestions: [
      ...(fitting ? [fitting] : []),
      ...(!delivery || delivery.by === 'store' || !hasStore
        ? []
        : [`Put the bundle into an object store: --ca-delivery ${store}`]),
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
  return fewer(all.length, await mostThat(all.length, fits));
}

/** Finds the largest count up to `all` that fits. If a count fits, so does every smaller one. */
async function mostThat(all: number, fits: (count: number) => Promise<boolean>): Promise<number> {
  let [most, least] = [all, 0];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (await fits(middle)) least = middle;
    else most = middle - 1;
  }
  return least;
}

function fewer(all: number, fitting: number): string {
  return `Pass fewer certificates, only the roots: ${fitting} of your ${counted(all, 'certificate')} would fit`;
}

/** Splits a PEM file into certificates, each with its final line break. */
export function splitPem(pem: Uint8Array): readonly string[] {
  const text = Buffer.from(pem).toString('latin1');
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/g) ?? [];
}
