/** An image of Google Cloud: one by name, or whichever is the newest of a family. */
export type GoogleReference = { readonly cloud: 'gcp'; readonly project: string } & (
  | { readonly family: string }
  | { readonly name: string }
);

/** A version of an image in a community gallery of Azure. `latest` is whichever is the newest. */
export interface AzureReference {
  readonly cloud: 'azure';
  readonly gallery: string;
  readonly image: string;
  readonly version: string;
}

export type CloudReference = GoogleReference | AzureReference;

const GOOGLE =
  /^(?:https:\/\/[a-z.]+\/compute\/[a-z0-9]+\/)?projects\/([a-z0-9.:-]+)\/global\/images\/(family\/)?([a-z0-9-]+)$/;
/** Azure compares the names of resources without regard to case. */
const AZURE = /^\/communityGalleries\/([\w.-]+)\/images\/([\w.-]+)(?:\/versions\/(latest|\d+\.\d+\.\d+))?$/i;

/**
 * Parses the reference to an image as configurations for Google Cloud and Azure write it: a self link of an image or a
 * family, or the ID of an image in a community gallery. `undefined` for everything else, such as an image of one's own.
 */
export function readCloudReference(text: string): CloudReference | undefined {
  const [, project, family, image] = GOOGLE.exec(text) ?? [];
  if (project && image) return { cloud: 'gcp', project, ...(family ? { family: image } : { name: image }) };
  const [, gallery, definition, version = 'latest'] = AZURE.exec(text) ?? [];
  if (!gallery || !definition) return undefined;
  return { cloud: 'azure', gallery, image: definition.toLowerCase(), version: version.toLowerCase() };
}
