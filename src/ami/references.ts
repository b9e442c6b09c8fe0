import { readCloudReference } from './lines/reference.ts';

/** The ID of an image on AWS. */
export const AMI_ID = /^ami-[0-9a-f]{8,17}$/;

/** Lists the images that a Terraform configuration names: quoted IDs of AWS, and references of Azure and Google Cloud. */
export function imagesIn(configuration: string): readonly string[] {
  const quoted = [...configuration.matchAll(/"([^"\\\n]*)"/g)].map(([, text = '']) => text);
  return [...new Set(quoted.filter((each) => AMI_ID.test(each) || readCloudReference(each) !== undefined))];
}
