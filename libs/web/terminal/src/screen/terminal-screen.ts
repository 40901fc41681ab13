import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon, type ISearchOptions } from '@xterm/addon-search';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import { terminalLimits } from '@aikore/contract';
import type { LinkScreen } from '../flow/terminal-link';
import { boundedSize, sameSize, type TerminalSize } from '../flow/terminal-size';
import { GpuRenderer } from './gpu-renderer';
import { commandOf, isPasteKey, type TerminalCommand } from './keys';
import { lookOf } from './look';
import { allowCellColours, withNonce } from './strict-styles';
import { webAddress } from './web-address';

export interface ScreenHandlers {
  /** Typed here, or answered by the terminal itself. */
  input(data: Uint8Array): void;
  /** To be pasted: nothing was done with it yet. */
  pasted(text: string): void;
  command(command: TerminalCommand): void;
  title(title: string): void;
  /** It got the focus, or a key was pressed in it. */
  used(): void;
  /** A link was followed. @param isText its address is what stands there to read */
  followed(address: string, isText: boolean): void;
  /** The pointer is on a link; null: no more. */
  pointed(address: string | null): void;
  /** Of a search: how many were found, and which one is shown, counted from 0 (-1: too many to count). */
  found(at: number, count: number): void;
}

export interface ScreenSettings {
  /** In pixels of the screen, with the zoom of its pane in it. */
  readonly fontSize: number;
  readonly dark: boolean;
  readonly blink: boolean;
  readonly screenReader: boolean;
  readonly canType: boolean;
}

/** Aborts a sequence that was cut off, so that what follows is not taken for the rest of it. */
const cancel = new Uint8Array([0x18]);
const encoder = new TextEncoder();

/** An xterm.js terminal in a box of ours. What a program may do to the page is bounded here. */
export class TerminalScreen implements LinkScreen {
  private readonly terminal: Terminal;
  private readonly fitting = new FitAddon();
  private readonly searching = new SearchAddon({ highlightLimit: 1_000 });
  private readonly gpu: GpuRenderer;
  private found: ISearchOptions = {};
  private settings: ScreenSettings;

  /** @param nonce of the Content-Security-Policy; null where there is none */
  constructor(
    private readonly box: HTMLElement,
    settings: ScreenSettings,
    private readonly handlers: ScreenHandlers,
    nonce: string | null,
  ) {
    this.settings = settings;
    this.terminal = new Terminal({
      ...this.options(settings),
      scrollback: terminalLimits.scrollback,
      minimumContrastRatio: 4.5,
      cursorInactiveStyle: 'outline',
      // For the marks of a search.
      allowProposedApi: true,
      linkHandler: {
        activate: (_event, text) => this.follow(text, false),
        hover: (_event, text) => handlers.pointed(webAddress(text)),
        leave: () => handlers.pointed(null),
      },
    });
    this.gpu = new GpuRenderer(this.terminal, nonce);
    this.load();
    withNonce(nonce, () => this.terminal.open(box));
    allowCellColours(this.terminal);
    this.listen();
  }

  get hasSelection(): boolean {
    return this.terminal.hasSelection();
  }

  get selection(): string {
    return this.terminal.getSelection();
  }

  /** The program can tell pasted text from typed text. */
  get bracketsPastes(): boolean {
    return this.terminal.modes.bracketedPasteMode;
  }

  set(settings: ScreenSettings): void {
    this.settings = settings;
    this.terminal.options = this.options(settings);
  }

  /** It is seen, or not. */
  show(seen: boolean): void {
    if (seen) this.gpu.start();
    else this.gpu.stop();
  }

  reset({ cols, rows }: TerminalSize): void {
    this.terminal.write(cancel);
    // In the order of the writes: what came before is drawn before.
    this.terminal.write('', () => {
      this.terminal.reset();
      this.terminal.resize(cols, rows);
    });
  }

  write(data: Uint8Array, done: () => void): void {
    this.terminal.write(data, done);
  }

  resize({ cols, rows }: TerminalSize): void {
    this.terminal.write('', () => this.terminal.resize(cols, rows));
  }

  /** Takes the size of its box. @returns it; null while it cannot be seen */
  fit(): TerminalSize | null {
    const proposed = this.box.clientWidth > 0 ? this.fitting.proposeDimensions() : undefined;
    if (!proposed) return null;
    const size = boundedSize(proposed);
    if (!sameSize(size, this.terminal)) this.terminal.resize(size.cols, size.rows);
    return size;
  }

  focus(): void {
    this.terminal.focus();
  }

  selectAll(): void {
    this.terminal.selectAll();
  }

  /** Types text, in brackets where the program asked for them. */
  paste(text: string): void {
    this.terminal.paste(text);
  }

  /**
   * Shows the next or the previous place where `text` stands.
   *
   * @param typing it is being typed: look from the end again, instead of going on
   */
  find(text: string, direction: 'next' | 'previous', typing = false): void {
    if (typing || text === '') this.terminal.clearSelection();
    if (text === '') this.searching.clearDecorations();
    else if (direction === 'next') this.searching.findNext(text, this.found);
    else this.searching.findPrevious(text, this.found);
  }

  dispose(): void {
    this.terminal.dispose();
  }

  private options({ fontSize, dark, blink, screenReader, canType }: ScreenSettings) {
    const { fontFamily, theme, found } = lookOf(this.box, dark);
    this.found = { decorations: found };
    return { fontSize, fontFamily, theme, cursorBlink: blink, screenReaderMode: screenReader, disableStdin: !canType };
  }

  private load(): void {
    this.terminal.loadAddon(this.fitting);
    this.terminal.loadAddon(this.searching);
    this.terminal.loadAddon(
      new WebLinksAddon((_event, text) => this.follow(text, true), {
        hover: (_event, text) => this.handlers.pointed(webAddress(text)),
        leave: () => this.handlers.pointed(null),
      }),
    );
    // A program may not write to the clipboard (OSC 52), whatever an addon or a later xterm would make of it.
    this.terminal.parser.registerOscHandler(52, () => true);
  }

  private listen(): void {
    const { terminal, handlers } = this;
    terminal.onData((text) => handlers.input(encoder.encode(text)));
    terminal.onBinary((text) => handlers.input(Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff)));
    terminal.onTitleChange((title) => handlers.title(title));
    terminal.attachCustomKeyEventHandler((event) => this.pressed(event));
    this.searching.onDidChangeResults(({ resultIndex, resultCount }) => handlers.found(resultIndex, resultCount));
    terminal.onKey(() => handlers.used());
    terminal.textarea?.addEventListener('focus', () => handlers.used());
    // Before xterm's own listeners, which would type it at once.
    this.box.addEventListener('paste', (event) => this.catchPaste(event), { capture: true });
  }

  /** @returns whether xterm deals with the key */
  private pressed(event: KeyboardEvent): boolean {
    if (isPasteKey(event)) return false;
    const command = commandOf(event);
    if (!command) return true;
    event.preventDefault();
    event.stopPropagation();
    if (event.type === 'keydown') this.handlers.command(command);
    return false;
  }

  private catchPaste(event: ClipboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (text && this.settings.canType) this.handlers.pasted(text);
  }

  private follow(text: string, isText: boolean): void {
    const address = webAddress(text);
    if (address) this.handlers.followed(address, isText);
  }
}
