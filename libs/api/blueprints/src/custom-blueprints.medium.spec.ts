import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppConfig, DataLayout, DomainEvents, loadConfig } from '@aikore/api/kernel';
import { NodeFiles } from '@aikore/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlueprintCatalogue } from './blueprint-catalogue';
import { BlueprintTexts } from './blueprint-texts';
import { CustomBlueprints } from './custom-blueprints';
import { etagOf } from './script-bytes';

let root = '';
let layout: DataLayout;
let custom: CustomBlueprints;
let texts: BlueprintTexts;
const changes: string[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'aikore-custom-'));
  layout = new DataLayout(join(root, 'data'));
  await writeFile(join(root, 'Stock.sh'), 'echo stock\n');
  const config = new AppConfig(loadConfig({ AIKORE_DATA_DIR: layout.root }, { blueprintsDir: root, version: '0' }));
  const [catalogue, events, files] = [new BlueprintCatalogue(config, layout), new DomainEvents(), new NodeFiles()];
  changes.length = 0;
  events.on('blueprints.changed', ({ filename }) => changes.push(filename));
  custom = new CustomBlueprints(layout, files, catalogue, events);
  texts = new BlueprintTexts(catalogue, files);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const written = (filename: string) => readFile(join(layout.customBlueprints, filename), 'utf8');

describe('custom blueprints', () => {
  it('are written, announced and can be read', async () => {
    const saved = await custom.save('App_custom.sh', '#!/bin/bash\r\necho\r\n', false);
    expect(saved).toMatchObject({ filename: 'App_custom.sh', source: 'custom', shadows: false, usable: true });
    expect(await written('App_custom.sh')).toBe('#!/bin/bash\necho\n');
    expect(changes).toEqual(['App_custom.sh']);
    expect(await texts.read('App_custom.sh')).toEqual({
      filename: 'App_custom.sh',
      source: 'custom',
      content: '#!/bin/bash\necho\n',
      etag: etagOf('#!/bin/bash\necho\n'),
    });
  });

  it('are replaced on purpose only, by one of two at once', async () => {
    await custom.save('App.sh', 'one\n', false);
    await expect(custom.save('App.sh', 'two\n', false)).rejects.toMatchObject({ code: 'name_taken', status: 409 });
    expect(await written('App.sh')).toBe('one\n');
    await custom.save('App.sh', 'two\n', true);
    expect(await written('App.sh')).toBe('two\n');
    const both = await Promise.allSettled(['a\n', 'b\n'].map((text) => custom.save('New.sh', text, false)));
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await readdir(layout.customBlueprints)).toEqual(['App.sh', 'New.sh']);
  });

  it('may stand in for a stock one, which stays', async () => {
    expect(await custom.save('Stock.sh', 'echo mine\n', false)).toMatchObject({ shadows: true });
    expect((await texts.read('Stock.sh')).content).toBe('echo mine\n');
    expect(await readFile(join(root, 'Stock.sh'), 'utf8')).toBe('echo stock\n');
  });

  it('never leave their folder', async () => {
    for (const name of ['../x.sh', '/tmp/x.sh', 'a/b.sh', '.x.sh', 'x', 'x.sh\0', '..', '', 'ä.sh', 'a b.sh']) {
      await expect(custom.save(name, 'x', true), name).rejects.toMatchObject({ name: 'PathEscapeError' });
    }
    await custom.save('Inside.sh', 'x\n', false);
    await symlink(join(root, 'Stock.sh'), join(layout.customBlueprints, 'Link.sh'));
    await expect(custom.save('Link.sh', 'x\n', true)).rejects.toMatchObject({ name: 'PathEscapeError' });
    expect(await readFile(join(root, 'Stock.sh'), 'utf8')).toBe('echo stock\n');
    expect((await readdir(root)).sort()).toEqual(['Stock.sh', 'data']);
  });
});
