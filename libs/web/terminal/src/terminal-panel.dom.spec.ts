import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { TestBed, type ComponentFixture } from '@angular/core/testing';
import type { Instance, TerminalSession } from '@aikore/contract';
import { ApiError, Connection } from '@aikore/web/data';
import { Ask, provideIcons } from '@aikore/web/ui';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TerminalPanel } from './terminal-panel';
import { FakeTerminals } from './testing/fake-terminals';
import { sessionOf } from './testing/session-of';
import { TerminalPanelHarness } from './testing/terminal-panel-harness';
import { TerminalView } from './view/terminal-view';

/** A terminal without a screen. */
@Component({ selector: 'ak-terminal-view', template: '', changeDetection: ChangeDetectionStrategy.OnPush })
class ViewStub {
  readonly session = input.required<TerminalSession>();
  readonly shown = input.required<boolean>();
  readonly titled = output<string>();
  readonly left = output<void>();
  readonly again = output<void>();
}

/** No media query fits. jsdom has none. */
class NoMedia extends EventTarget {
  readonly matches = false;
}

const app = { id: 1, name: 'ComfyUI' } as Instance;

describe('the terminals of an instance', () => {
  const confirm = vi.fn();
  let server: FakeTerminals;
  let fixture: ComponentFixture<TerminalPanel>;

  async function show(): Promise<TerminalPanelHarness> {
    fixture = TestBed.createComponent(TerminalPanel);
    fixture.componentRef.setInput('instance', app);
    return TestbedHarnessEnvironment.harnessForFixture(fixture, TerminalPanelHarness);
  }

  beforeEach(() => {
    localStorage.clear();
    vi.stubGlobal('matchMedia', () => new NoMedia());
    // Not in jsdom.
    Element.prototype.scrollIntoView = () => undefined;
    confirm.mockReset().mockResolvedValue(true);
    server = new FakeTerminals();
    TestBed.configureTestingModule({
      providers: [
        provideIcons(),
        { provide: Connection, useValue: { channel: () => server.channel } },
        { provide: Ask, useValue: { confirm } },
      ],
    }).overrideComponent(TerminalPanel, { remove: { imports: [TerminalView] }, add: { imports: [ViewStub] } });
  });

  // Specs share one window: another one's components would ask this stub for more than it has.
  afterEach(() => void vi.unstubAllGlobals());

  it('begin with one, which is opened without a click', async () => {
    const panel = await show();
    expect(await panel.tabs()).toEqual(['Terminal 1']);
    expect(server.named('terminal:open')).toMatchObject([{ instance_id: 1 }]);
  });

  it('are those that the server has, of this instance only; none is opened then', async () => {
    server.sessions = [sessionOf('s1'), sessionOf('s2'), sessionOf('s3', 2)];
    const panel = await show();
    expect(await panel.tabs()).toEqual(['Terminal 1', 'Terminal 2']);
    expect(server.named('terminal:open')).toEqual([]);
  });

  it('come and go with what another browser does, and the one that is shown stays', async () => {
    server.sessions = [sessionOf('s1')];
    const panel = await show();
    expect(await panel.shown()).toBe('Terminal 1');
    server.emit('terminal:opened', sessionOf('s2'));
    server.emit('terminal:opened', sessionOf('s3'));
    expect(await panel.tabs()).toEqual(['Terminal 1', 'Terminal 2', 'Terminal 3']);
    expect(await panel.shown()).toBe('Terminal 1');
    const ending = { reason: 'closed', exit_code: null, signal: null, message: 'This terminal was closed.' };
    // What was looked at here stays, to say how it ended; the other one just goes.
    for (const id of ['s1', 's2']) server.emit('terminal:closed', { id, instance_id: 1, ending });
    expect(await panel.tabs()).toEqual(['Terminal 1ended', 'Terminal 3']);
  });

  it('are gone through with the arrow keys, and closed with Delete, after a question', async () => {
    server.sessions = [sessionOf('s1'), sessionOf('s2')];
    const panel = await show();
    await panel.choose(0);
    await panel.press(0, 'ArrowLeft');
    expect(await panel.shown()).toBe('Terminal 2');
    confirm.mockResolvedValueOnce(false);
    await panel.press(1, 'Delete');
    expect(await panel.tabs()).toHaveLength(2);
    await panel.press(1, 'Delete');
    expect(await panel.tabs()).toEqual(['Terminal 1']);
    expect(server.named('terminal:close')).toEqual([{ session: 's2' }]);
  });

  it('leave an invitation when the last one is closed, and none is opened by itself', async () => {
    server.sessions = [sessionOf('s1')];
    const panel = await show();
    await panel.close(0);
    expect(await panel.text()).toContain('No terminal is open');
    expect(server.named('terminal:open')).toEqual([]);
  });

  it('can be renamed, with the name kept as text and for the next page', async () => {
    server.sessions = [sessionOf('s1')];
    const panel = await show();
    await panel.press(0, 'F2');
    await panel.rename('  my <b>build</b>\u202e ');
    expect(await panel.tabs()).toEqual(['my <b>build</b>']);
    expect(localStorage.getItem('aikore.terminal.names')).toBe('["s1 my <b>build</b>"]');
  });

  it('say why none could be opened', async () => {
    const message = 'You have 16 terminals open already. Close one of them first.';
    server.failures.set('terminal:open', [new ApiError({ code: 'rate_limited', message })]);
    const panel = await show();
    expect(await panel.text()).toContain(message);
    expect(await panel.text()).toContain('Try again');
  });

  it('say that they are not for everybody', async () => {
    const message = 'This needs the role admin.';
    server.failures.set('terminals:join', [new ApiError({ code: 'forbidden', message })]);
    const panel = await show();
    expect(await panel.text()).toContain(message);
    expect(await panel.canOpen()).toBe(false);
  });

  it('wait for the server', async () => {
    server.connected = false;
    const panel = await show();
    expect(await panel.text()).toBe('Connecting …');
    await server.reconnect();
    expect(await panel.tabs()).toEqual(['Terminal 1']);
  });
});
