import { ConsoleLogger } from '@nestjs/common';

/** What Nest itself says while it is being put together: of no use to whoever runs the server. */
const frameworkContexts = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
  'WebSocketsController',
]);

/** The server's log on the terminal: our own lines, and whatever is a warning or worse. */
export class ServerLogger extends ConsoleLogger {
  constructor() {
    super({ logLevels: ['log', 'warn', 'error', 'fatal'], colors: process.stdout.isTTY === true, prefix: 'AiKore' });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof context === 'string' && frameworkContexts.has(context)) return;
    super.log(message, ...rest);
  }

  /** Why the server could not be put together is said once, and in plain words, where the program ends. */
  override error(message: unknown, ...rest: unknown[]): void {
    if (rest.at(-1) !== 'ExceptionHandler') super.error(message, ...rest);
  }
}
