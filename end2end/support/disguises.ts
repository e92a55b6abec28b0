/**
 * The forms in which a secret may lie in a page: as it is, in a URL, in hex, in
 * base64 wherever it begins in the encoded text.
 */
export function disguises(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const forms = [secret, encodeURIComponent(secret), bytes.toString('hex')];
  for (const shift of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64url');
    // The characters at either end depend on what stands beside the secret.
    const inner = encoded.slice(shift === 0 ? 0 : shift + 1, -3);
    forms.push(inner, inner.replaceAll('-', '+').replaceAll('_', '/'));
  }
  return [...new Set(forms)];
}
