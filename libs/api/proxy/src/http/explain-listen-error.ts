import type { PortHolder } from '@aikore/platform';

/**
 * Why a port could not be opened and what to do, as a sentence.
 *
 * @param advice what to change when somebody else has the port, such as "or set AIKORE_PORT to another one"
 */
export async function explainListenError(
  error: unknown,
  address: { host: string; port: number },
  holder: PortHolder,
  advice: string,
): Promise<string> {
  const { host, port } = address;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    const { text } = await holder.describe(port).catch(() => ({ text: null }));
    return `Port ${port} is in use by ${text ?? 'another program'}. Stop it, ${advice}.`;
  }
  if (code === 'EACCES') return `Port ${port} may not be opened by this user. Choose one above 1023, ${advice}.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `This machine has no address ${host}. Set AIKORE_HOST to one of its own, or to 127.0.0.1.`;
  }
  return `Port ${port} on ${host} could not be opened: ${message}. Check the address, ${advice}.`;
}
