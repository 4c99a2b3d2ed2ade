import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandManifest, commandsOf } from '@mosaic/proto';
import { menuItems } from '../src/commands/menu-items.ts';
import { commandsHere, pageCommands, takeTyped } from '../src/commands/page-commands.ts';

const context = {
  ...{ conversationId: null, view: undefined },
  choose: () => assert.fail('nothing is chosen'),
  send: () => assert.fail('nothing is sent'),
  go: () => assert.fail('nothing is opened'),
  open: () => assert.fail('nothing is opened'),
};

describe('commands of the page', () => {
  it('have code for every command of the manifest that works there, and for no other', () => {
    const works = commandsOf('page').map(({ name }) => name);
    assert.deepEqual(Object.keys(pageCommands).sort(), [...works].sort());
    assert.equal(commandsHere(commandManifest).length, works.length);
  });

  it('say of every other one by name where it works', () => {
    const names = commandManifest.map(({ name }) => name);
    const others = names.filter((name) => !Object.hasOwn(pageCommands, name));
    assert.ok(others.includes('quit'));
    for (const name of others) {
      const taken = takeTyped(`/${name}`, context);
      assert.ok(typeof taken === 'object' && 'refused' in taken, name);
      assert.equal(taken.refused, `/${name} works in the terminal, not on the page.`);
    }
  });

  it('that need a conversation say so before there is one', async () => {
    for (const name of ['rename', 'fork', 'export', 'pin', 'archive', 'incognito', 'retry']) {
      const taken = takeTyped(`/${name} x`, context);
      assert.ok(typeof taken === 'object' && 'done' in taken, name);
      assert.match((await taken.done) ?? '', /no conversation yet/);
    }
  });
});

describe('the menu over the field', () => {
  const glm = { value: 'zai/glm-5', label: 'GLM-5', detail: '', problem: 'no key' };
  const items = (text: string) => menuItems(text, commandsOf('page'), { model: [glm] });

  it('offers names for a beginning, and by what they do where no name begins so', () => {
    assert.deepEqual(
      items('/re').map(({ value }) => value),
      ['rename', 'retry', 'remember'],
    );
    assert.ok(items('/title').some(({ value }) => value === 'rename'));
  });

  it('offers what a command takes, with the reason why something can not be chosen', () => {
    assert.deepEqual(
      items('/model gl').map(({ problem, typed }) => [typed, problem]),
      [['/model zai/glm-5', 'no key']],
    );
  });

  it('offers nothing for messages', () => {
    for (const text of ['hello', '/etc/hosts', '/nothing x', ' /re']) {
      assert.deepEqual(items(text), []);
    }
  });
});
