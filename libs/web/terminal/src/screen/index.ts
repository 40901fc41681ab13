export { TerminalScreen, type ScreenHandlers, type ScreenSettings } from './terminal-screen';
