import { counted } from '../../step/words.ts';
import type { BootData } from './boot-data.ts';
import { type Boot, renderBootScript } from './boot-script.ts';

/**
 * Says how many of the custom certificates a boot script has room for; nothing where it carries none.
 * @param measure what the boot data come to with a script
 */
export async function certificatesThatFit(
  script: Boot,
  measure: (text: string) => BootData,
): Promise<string | undefined> {
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
  return `Pass fewer certificates, the roots rather than what they signed: ${least} of your ${counted(all.length, 'certificate')} would fit`;
}

/** Splits a PEM file into certificates, each with its line break. */
export function splitPem(pem: Uint8Array): readonly string[] {
  const text = Buffer.from(pem).toString('latin1');
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n?/g) ?? [];
}
