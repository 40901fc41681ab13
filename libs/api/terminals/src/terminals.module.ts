import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { TerminalsGateway } from './live/terminals.gateway';
import { TerminalSessions } from './sessions/terminal-sessions';
import { ShellPlaces } from './shell-places';

/**
 * Terminals. Needs `PtyHost`, `Clock`, `DomainEvents` and `AuditTrail` from the application's global providers; node-pty
 * is loaded with the first terminal.
 */
@Module({})
export class TerminalsModule {
  /** @param source module that exports `places`, which knows where an instance's shell starts */
  static with(source: Type, places: Type<ShellPlaces>): DynamicModule {
    return {
      module: TerminalsModule,
      imports: [source],
      providers: [{ provide: ShellPlaces, useExisting: places }, TerminalSessions, TerminalsGateway],
      exports: [TerminalSessions],
    };
  }
}
