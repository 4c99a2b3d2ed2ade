import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandManifest, commandSurfaces, commandsOf, readTyped } from '../src/index.ts';

describe('the list of commands', () => {
  it('holds for each surface that a command works there, or is refused by its name and place', () => {
    for (const surface of commandSurfaces) {
      const here: readonly string[] = commandsOf(surface).map(({ name }) => name);
      for (const { name } of commandManifest) {
        const typed = readTyped(`/${name} some words`, surface);
        if (here.includes(name)) {
          assert.deepEqual(typed, { kind: 'command', name, argument: 'some words' });
        } else {
          assert.equal(typed.kind, 'refused');
          assert.match(
            typed.kind === 'refused' ? typed.sentence : '',
            new RegExp(`^/${name} works`),
          );
        }
      }
    }
  });

  it('has each name once, and a summary that fits on a line', () => {
    const names = commandManifest.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
  });

  it('takes paths, several lines and lonely words for messages', () => {
    for (const text of ['/etc/hosts is a file', 'model', '/model\nand more', 'see /model']) {
      assert.equal(readTyped(text, 'page').kind, 'message', text);
    }
  });

  it('names the nearest command for a slip, but leaves foreign ones to a chat room', () => {
    const slip = readTyped('/modle x', 'terminal');
    assert.equal(
      slip.kind === 'refused' && slip.sentence,
      'Unknown command /modle. Did you mean /model?',
    );
    assert.equal(readTyped('/shrug', 'bridge').kind, 'message');
  });
});
