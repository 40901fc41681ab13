import { blueprint } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { defaultHeader, headerLimit, parseBlueprintHeader } from './blueprint-header';

const block = (...lines: string[]) =>
  ['#!/usr/bin/env bash', '### AIKORE-METADATA-START ###', ...lines, '### AIKORE-METADATA-END ###', 'exec app'].join(
    '\n',
  );
const parse = (...lines: string[]) => parseBlueprintHeader(block(...lines), 'App.sh');

describe('parseBlueprintHeader', () => {
  it('reads every key', () => {
    const header = parse(
      '# aikore.name = ComfyUI',
      '# aikore.category = Image Generation',
      '# aikore.description = Nodes = images',
      '# aikore.venv_type = python',
      '# aikore.venv_path = app/venv/',
      '# aikore.persistent_mode = true',
      '# aikore.needs_gpu = yes',
      '# aikore.base_path = on',
      '# aikore.start_timeout = 600',
      '# aikore.health_path = /api/ready?deep=1',
    );
    expect(header).toEqual({
      name: 'ComfyUI',
      category: 'Image Generation',
      description: 'Nodes = images',
      venv_type: 'python',
      venv_path: './app/venv',
      persistent_mode: true,
      needs_gpu: true,
      base_path: true,
      start_timeout: 600,
      health_path: '/api/ready?deep=1',
      problem: null,
    });
    expect(
      blueprint.safeParse({ ...header, filename: 'App.sh', source: 'stock', shadows: false, usable: true }).success,
    ).toBe(true);
  });

  it.each(['', 'echo hello', '# aikore.name = outside of a block'])(
    'gives the defaults without a header: %j',
    (text) => {
      expect(parseBlueprintHeader(text, 'My App.sh')).toEqual({ ...defaultHeader('My App.sh'), name: 'My App' });
    },
  );

  it('fills what the header leaves out, and treats an empty value as left out', () => {
    expect(parse('# aikore.category = Chat', '# aikore.venv_path =', "# aikore.name = ''")).toEqual({
      ...defaultHeader('App.sh'),
      category: 'Chat',
    });
  });

  it('tolerates CRLF, a BOM, tabs, quotes, unknown keys, prose and a stray first line', () => {
    const text = [
      '\uFEFF--- App.sh ---',
      '  ### AIKORE-METADATA-START ###\t',
      '',
      '# written by hand',
      'not a comment at all',
      '#aikore.name="Quoted: \'x\'"',
      "#\taikore.category\t=\t' Audio '  ",
      '# aikore.unheard_of = 1',
      '# aikore.unheard_of = 2',
      '# aikore.__proto__ = x',
      '# aikore.constructor = x',
      '### AIKORE-METADATA-END ###',
    ].join('\r\n');
    expect(parseBlueprintHeader(text, 'App.sh')).toEqual({
      ...defaultHeader('App.sh'),
      name: "Quoted: 'x'",
      category: 'Audio',
    });
  });

  it.each([
    ['# aikore.venv_type = docker', /Line 3: aikore\.venv_type is "docker", but must be one of conda, python, none\./],
    ['# aikore.start_timeout = soon', /Line 3: aikore\.start_timeout is "soon".*from 5 to 86400\./],
    ['# aikore.start_timeout = 4', /from 5 to 86400/],
    ['# aikore.start_timeout = 86401', /from 5 to 86400/],
    ['# aikore.start_timeout = 10.5', /whole number/],
    ['# aikore.start_timeout = -1', /whole number/],
    ['# aikore.start_timeout = 0x10', /whole number/],
    ['# aikore.needs_gpu = maybe', /true or false/],
    ['# aikore.venv_path = ../env', /leaves the instance folder/],
    ['# aikore.venv_path = a/../../env', /leaves the instance folder/],
    ['# aikore.venv_path = /opt/env', /relative to the instance folder/],
    ['# aikore.venv_path = ~/env', /relative to the instance folder/],
    ['# aikore.venv_path = .', /must be a folder inside/],
    ['# aikore.venv_path = a/..', /must be a folder inside/],
    ['# aikore.venv_path = a\u0000b', /not a usable folder name/],
    ['# aikore.health_path = ready', /begins with one "\/"/],
    ['# aikore.health_path = //elsewhere/x', /begins with one "\/"/],
    ['# aikore.health_path = /a b', /without spaces/],
    [`# aikore.name = ${'n'.repeat(65)}`, /longer than 64 characters/],
    ['# aikore.name = a\u0007b', /control character/],
    ['# aikore.name', /has no "=" and value/],
  ])('falls back to the defaults and says why: %j', (line, reason) => {
    const header = parse(line);
    expect(header).toEqual({ ...defaultHeader('App.sh'), problem: header.problem });
    expect(header.problem).toMatch(reason);
  });

  it('names both lines of a key given twice', () => {
    const header = parse('# aikore.category = A', '# aikore.name = n', '# aikore.category = B');
    expect(header.problem).toBe('Line 5: aikore.category was given on line 3 already.');
    expect(header.category).toBe('Other');
  });

  it('reports a block that does not end', () => {
    const header = parseBlueprintHeader('### AIKORE-METADATA-START ###\n# aikore.name = x\nexec app', 'App.sh');
    expect(header.problem).toMatch(/^Line 1 begins the header, but no line .* ends it/);
    expect(header.name).toBe('App');
  });

  it('looks at the first 64 KiB only', () => {
    const late = '#'.repeat(headerLimit) + '\n' + block('# aikore.name = late');
    expect(parseBlueprintHeader(late, 'App.sh').name).toBe('App');
    const cut = block('# aikore.name = cut', '#'.repeat(headerLimit));
    expect(parseBlueprintHeader(cut, 'App.sh').problem).toMatch(/within the first 64 KiB/);
  });

  it('keeps to the first block', () => {
    expect(parseBlueprintHeader(block('# aikore.name = one') + '\n' + block('# aikore.name = two'), 'A.sh').name).toBe(
      'one',
    );
  });

  it('is quick on hostile text', () => {
    const started = performance.now();
    parseBlueprintHeader('### AIKORE-METADATA-START ###\n' + '# aikore.name ' + ' '.repeat(60_000), 'A.sh');
    parseBlueprintHeader('### AIKORE-METADATA-START ###\n'.repeat(2000) + '### AIKORE-METADATA-END ###', 'A.sh');
    expect(performance.now() - started).toBeLessThan(500);
  });
});
