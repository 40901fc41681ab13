// The packages' own injectables are compiled when they are loaded.
import '@angular/compiler';
import { Injector, runInInjectionContext } from '@angular/core';
import { routes, type AnyRoute, type InstanceScript } from '@aikore/contract';
import { ApiClient, ApiError, Toasts } from '@aikore/web/data';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ScriptDrafts, type ScriptDraft } from './script-drafts';
import { ScriptModel, type ScriptTextHolder } from './script-model';

const etags = { one: '1'.repeat(64), two: '2'.repeat(64), three: '3'.repeat(64) };
const script = (content: string, etag: string, more: Partial<InstanceScript> = {}): InstanceScript => ({
  content,
  etag,
  path: 'instances/app/launch.sh',
  is_own: true,
  owner: { id: 7, name: 'app' },
  exists: true,
  read_only: null,
  blueprint: { filename: 'App.sh', etag: etags.three },
  ...more,
});

class FakeEditor implements ScriptTextHolder {
  constructor(
    public text: string,
    private base = text,
  ) {}
  get dirty(): boolean {
    return this.text !== this.base;
  }
  replace(text: string): void {
    this.text = text;
  }
  setBase(text: string): void {
    this.base = text;
  }
}

describe('the script between server, editor and drafts', () => {
  const stored = new Map<number, ScriptDraft>();
  const drafts = {
    read: (id: number) => stored.get(id) ?? null,
    write: (id: number, draft: ScriptDraft) => (stored.set(id, draft), true),
    remove: (id: number) => void stored.delete(id),
  };
  const toasts = { error: vi.fn(), info: vi.fn() };
  const call = vi.fn<(route: AnyRoute, call: { body?: unknown }) => Promise<unknown>>();
  let destroy = () => {};
  let model: ScriptModel;
  let editor: FakeEditor;

  /** Opens the script that the server has, in an editor. */
  const open = async (now: InstanceScript): Promise<void> => {
    call.mockResolvedValueOnce(now);
    await model.open(7);
    editor = new FakeEditor(now.content);
    model.attach(editor);
  };
  const type = (text: string): void => {
    editor.text = text;
    model.changed(true);
  };

  beforeEach(() => {
    vi.resetAllMocks();
    stored.clear();
    const injector = Injector.create({
      providers: [
        { provide: ApiClient, useValue: { call } },
        { provide: ScriptDrafts, useValue: drafts },
        { provide: Toasts, useValue: toasts },
      ],
    });
    model = runInInjectionContext(injector, () => new ScriptModel());
    destroy = () => injector.destroy();
    return () => {
      if (model.script()) model.flush();
    };
  });

  it('is dirty when it differs, kept as a draft, and clean once it is saved', async () => {
    await open(script('one\n', etags.one));
    type('two\n');
    expect(model.dirty()).toBe(true);
    model.flush();
    expect(stored.get(7)).toMatchObject({ etag: etags.one, content: 'two\n' });
    call.mockResolvedValueOnce(script('two\n', etags.two));
    expect(await model.save()).toBe('saved');
    expect(call).toHaveBeenLastCalledWith(routes.saveScript, {
      params: { id: 7 },
      body: { content: 'two\n', etag: etags.one },
    });
    expect([model.dirty(), model.script()?.etag, stored.size]).toEqual([false, etags.two, 0]);
  });

  it('keeps what is typed while it is being saved', async () => {
    await open(script('one\n', etags.one));
    type('two\n');
    let answer = (_: InstanceScript): void => undefined;
    call.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    const saving = model.save();
    expect(await model.save()).toBe('nothing');
    type('two and more\n');
    answer(script('two\n', etags.two));
    await saving;
    expect([editor.text, model.dirty()]).toEqual(['two and more\n', true]);
    expect(stored.get(7)).toMatchObject({ etag: etags.two, content: 'two and more\n' });
  });

  it('loses nothing when the server is gone or the session is over', async () => {
    await open(script('one\n', etags.one));
    type('two\n');
    call.mockRejectedValueOnce(new ApiError({ code: 'unauthenticated', message: 'Log in first.' }, 401));
    expect(await model.save()).toBe('failed');
    expect([editor.text, model.dirty(), stored.get(7)?.content]).toEqual(['two\n', true, 'two\n']);
    expect(toasts.error).toHaveBeenCalledOnce();
    type('three\n');
    destroy();
    expect(stored.get(7)?.content).toBe('three\n');
  });

  it('comes back after a reload', async () => {
    stored.set(7, { etag: etags.one, content: 'mine\n', at: 5 });
    await open(script('one\n', etags.one));
    expect([editor.text, editor.dirty, model.restored()]).toEqual(['mine\n', true, 5]);
  });

  it('asks when the script changed since the draft, and keeps the draft until it is answered', async () => {
    stored.set(7, { etag: etags.one, content: 'mine\n', at: 5 });
    await open(script('theirs\n', etags.two));
    expect([editor.text, model.olderDraft()?.content]).toEqual(['theirs\n', 'mine\n']);
    model.flush();
    expect(await model.save()).toBe('nothing');
    expect(stored.get(7)?.content).toBe('mine\n');
    model.useMine();
    expect([editor.text, model.dirty(), model.olderDraft()]).toEqual(['mine\n', true, null]);
    expect(stored.get(7)).toMatchObject({ etag: etags.two, content: 'mine\n' });
  });

  it('drops an older draft when theirs is taken, or when it says the same', async () => {
    stored.set(7, { etag: etags.one, content: 'mine\n', at: 5 });
    await open(script('theirs\n', etags.two));
    model.useTheirs();
    expect([editor.text, stored.size]).toEqual(['theirs\n', 0]);
    stored.set(7, { etag: etags.one, content: 'theirs\n', at: 5 });
    await open(script('theirs\n', etags.two));
    expect([model.olderDraft(), stored.size]).toEqual([null, 0]);
  });

  describe('a conflict', () => {
    const conflict = (current: unknown) => new ApiError({ code: 'conflict', message: 'Changed.', current }, 409);

    beforeEach(async () => {
      await open(script('one\n', etags.one));
      type('mine\n');
      call.mockRejectedValueOnce(conflict(script('theirs\n', etags.two)));
      expect(await model.save()).toBe('conflict');
      expect([editor.text, model.theirs()?.content]).toEqual(['mine\n', 'theirs\n']);
    });

    it('is won by mine: saved over theirs', async () => {
      model.useMine();
      call.mockResolvedValueOnce(script('mine\n', etags.three));
      expect(await model.save()).toBe('saved');
      expect(call.mock.lastCall?.[1].body).toEqual({ content: 'mine\n', etag: etags.two });
    });

    it('is won by theirs', () => {
      model.useTheirs();
      expect([editor.text, model.dirty(), model.theirs(), stored.size]).toEqual(['theirs\n', false, null, 0]);
    });
  });

  it('follows a change elsewhere, unless something was typed', async () => {
    await open(script('one\n', etags.one));
    call.mockResolvedValueOnce(script('two\n', etags.two));
    await model.recheck();
    expect([editor.text, model.dirty()]).toEqual(['two\n', false]);
    type('mine\n');
    call.mockResolvedValueOnce(script('three\n', etags.three));
    await model.recheck();
    expect([editor.text, model.theirs()?.content]).toEqual(['mine\n', 'three\n']);
    call.mockRejectedValueOnce(new ApiError({ code: 'unavailable', message: 'No answer.' }));
    await model.recheck();
    expect(model.theirs()?.content).toBe('three\n');
  });

  it('is mended by saving: what bash stumbles over goes', async () => {
    call.mockResolvedValueOnce(script('one\r\n', etags.one));
    await model.open(7);
    editor = new FakeEditor('one\n');
    model.attach(editor);
    call.mockResolvedValueOnce(script('one\n', etags.two));
    expect(await model.save()).toBe('saved');
    expect(model.script()?.content).toBe('one\n');
  });

  it('of a satellite is never sent or kept', async () => {
    stored.set(7, { etag: etags.one, content: 'mine\n', at: 5 });
    await open(script('one\n', etags.one, { is_own: false, read_only: 'It is the parent’s.' }));
    expect(editor.text).toBe('one\n');
    expect([await model.save(), await model.reset()]).toEqual(['nothing', 'nothing']);
    expect(call).toHaveBeenCalledOnce();
  });

  it('that is too large is not sent', async () => {
    await open(script('one\n', etags.one));
    type('ä'.repeat(600_000));
    expect(await model.save()).toBe('failed');
    expect(call).toHaveBeenCalledOnce();
  });
});
