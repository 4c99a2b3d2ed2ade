// The pages beside the conversations, forms and commands, over a whole Mosaic; and, since they share the
// start, what those need who can't see them well.
import './access-claims.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send, signedIn, stand } from './page-stand.ts';

test('an agent of one’s own is made and changed in a form that holds all of it', async () => {
  const page = await signedIn('kim');
  await send(page, '/agent new');
  const form = page.getByRole('form', { name: 'New agent' });
  await form.getByLabel('Name').fill('planner');
  await form.getByLabel('Description').fill('Plans weeks.');
  await form.getByLabel('Instructions').fill('You plan weeks, in short lines.');
  await form.getByLabel('Model').selectOption('tier/cheap');
  await form.getByLabel('Effort').selectOption('low');
  await form.getByLabel('Temperature').fill('0.3');
  await form.getByLabel('It is shown what is remembered of you').uncheck();
  await form.getByLabel('docs').check();
  await form.getByLabel(/^web_fetch/).selectOption('ask');
  await form.getByLabel('More tools, by a pattern').fill('mcp:calendar:*');
  await form.getByRole('button', { name: 'deny' }).click();
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Plans weeks.').waitFor();
  await page.keyboard.press('Escape');
  await send(page, '/agent edit planner');
  const edited = page.getByRole('form', { name: 'planner' });
  await edited.getByLabel(/^web_fetch/).selectOption('allow');
  await edited.getByLabel('Temperature').fill('');
  await edited.getByRole('button', { name: 'Save' }).click();
  await edited.waitFor({ state: 'detached' });
  const { agent } = await (await page.request.get(`${stand.mosaic.url}/api/agents/planner`)).json();
  assert.deepEqual(
    { ...agent, id: 0, version: 0 },
    {
      ...{ id: 0, version: 0, name: 'planner', scope: 'user', description: 'Plans weeks.' },
      ...{ systemPrompt: 'You plan weeks, in short lines.', model: 'tier/cheap', effort: 'low' },
      ...{ temperature: null, memory: false, capabilities: { domains: ['docs'], toolSets: [] } },
      tools: [
        { tool: 'web_fetch', policy: 'allow' },
        { tool: 'mcp:calendar:*', policy: 'deny' },
      ],
    },
  );
  await page.close();
});

test('memories are listed, added to, corrected, forgotten and paused on their page', async () => {
  const page = await signedIn('fay');
  await send(page, '/remember My cat is called Kater.');
  await page.getByText('Remembered: My cat is called Kater.').waitFor();
  await send(page, '/memory');
  const memories = page.getByRole('list', { name: 'Memories' }).getByRole('listitem');
  await memories.filter({ hasText: 'written by you' }).waitFor();
  await page
    .getByRole('textbox', { name: 'Something to remember' })
    .fill('I prefer short answers.');
  await page.getByRole('button', { name: 'Remember', exact: true }).click();
  await memories.filter({ hasText: 'preference' }).waitFor();
  await page.getByRole('button', { name: /^Edit “My cat/ }).click();
  await page.getByRole('textbox', { name: 'What is remembered' }).fill('My cat is called Mia.');
  await page.getByRole('button', { name: 'Save' }).click();
  await memories.filter({ hasText: 'Mia' }).waitFor();
  await page.getByRole('button', { name: /^Forget “I prefer/ }).click();
  await page.getByRole('button', { name: 'forget for good' }).click();
  await memories.filter({ hasText: 'preference' }).waitFor({ state: 'detached' });
  await page.getByRole('switch', { name: /^Pause/ }).click();
  await page.getByRole('switch', { name: /^Pause/, checked: true }).waitFor();
  await page.reload();
  await memories.filter({ hasText: 'Mia' }).waitFor();
  assert.equal(await memories.count(), 1);
  assert.equal(await page.getByRole('switch', { name: /^Pause/ }).isChecked(), true);
  await page.close();
});

test('search marks the words and goes to the message; /why opens the record of the answer', async () => {
  const page = await signedIn('gil');
  stand.mosaic.vendors.script({
    vendor: 'anthropic',
    reply: '> **My bicycle** is _green_, you say.',
  });
  await send(page, 'My bicycle is green and hangs in the cellar, friend.');
  await page.getByTestId('routing-line').waitFor();
  await send(page, '/why');
  const record = page.locator('details.why[open]');
  await record.getByText('Rules looked at').waitFor();
  await record.getByText('Next would cost').waitFor();
  const found = page.getByRole('list', { name: 'Found' }).getByRole('listitem');
  await send(page, '/search green bicycle');
  await found.filter({ hasText: 'hangs in the cellar' }).first().waitFor();
  const hit = found.filter({ hasText: 'you' }).first();
  assert.deepEqual(await hit.locator('mark').allInnerTexts(), ['bicycle', 'green']);
  const answer = await found
    .filter({ hasText: 'answer' })
    .first()
    .locator('.passage')
    .textContent();
  assert.match(answer ?? '', /My bicycle is green/);
  assert.doesNotMatch(answer ?? '', /\*\*|^>/m, 'words, and no markdown');
  await hit.getByRole('link').click();
  await page.locator('.found', { hasText: 'My bicycle is green' }).waitFor();
  await page.close();
});

test('Ctrl+K and the button list the commands, and what was being written comes back', async () => {
  const page = await signedIn('hal');
  const field = page.getByRole('textbox', { name: 'Message' });
  const menu = page.getByRole('listbox', { name: 'Commands' });
  await field.fill('half a thought');
  await page.keyboard.press('Control+k');
  await menu.getByRole('option', { name: /^\/cost/ }).waitFor();
  await page.keyboard.type('help');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Commands and keys' }).getByText('/search').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await field.inputValue(), 'half a thought');
  await page.getByRole('button', { name: 'Commands' }).click();
  await menu.getByRole('option', { name: /^\/agent/ }).click();
  await menu.getByRole('option', { name: /coding-agent/ }).click();
  assert.equal(await field.inputValue(), '/agent coding-agent');
  await field.press('Enter');
  await page.getByRole('button', { name: 'Agent: coding-agent' }).waitFor();
  await send(page, 'hello');
  await page.getByTestId('routing-line').waitFor();
  await field.fill('half a thought');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('fork');
  const path = new URL(page.url()).pathname;
  await page.keyboard.press('Enter');
  await page.getByText('This is a copy from here on').waitFor();
  assert.notEqual(new URL(page.url()).pathname, path);
  assert.equal(await field.inputValue(), 'half a thought', 'taken along');
  await send(page, '/quit');
  await page.getByText('/quit works in the terminal, not on the page.').waitFor();
  await page.close();
});

test('rules, costs and what is stored have pages of their own', async () => {
  const page = await signedIn('ida');
  await send(page, 'What is the capital of Chile?');
  await page.getByTestId('routing-line').waitFor();
  await send(page, '/cost');
  await page.getByText(/^This conversation: 1 answered/).waitFor();
  await page.getByRole('row', { name: /anthropic\/claude-haiku-4-5/ }).waitFor();
  await page.getByRole('link', { name: 'Rules' }).click();
  await page.getByText('code-complex').waitFor();
  assert.equal(await page.title(), 'Rules – Mosaic');
  await page.getByRole('link', { name: 'Storage' }).click();
  await page.getByText(/^1, [\d.]+ kB: in use$/).waitFor();
  assert.equal(await page.title(), 'Storage – Mosaic');
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await send(page, '/storage restore');
  await page.getByText('This conversation is not cold: nothing to do.').waitFor();
  await page.close();
});
