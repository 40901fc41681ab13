export { ShellPlaces, type ShellPlan } from './shell-places';
export { TerminalSessions } from './sessions/terminal-sessions';
export { TerminalsModule } from './terminals.module';
