/** Reports whether Kubernetes allows a text as the name of an object (RFC 1123, labels joined by dots). */
export function isKubernetesName(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/.test(text);
}
