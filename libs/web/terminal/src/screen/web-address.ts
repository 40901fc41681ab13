/** Longest address that is opened, in characters. */
const maxLength = 8_000;

/** The address, as the browser understands it, when it is one of the web; null for everything else. */
export function webAddress(text: string): string | null {
  if (text.length > maxLength || !URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === 'http:' || protocol === 'https:' ? href : null;
}
