import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withOpenPage } from './server/open-page.ts';

describe('slash commands in Chromium', () => {
  const opened = withOpenPage();

  it('offers commands behind a slash, and runs them instead of sending them', async () => {
    const { enter, field, page, routingLine, say } = opened();
    await enter();
    await say('hello');
    await routingLine.waitFor();
    await field.fill('/');
    const options = page.getByRole('listbox', { name: 'Commands' }).getByRole('option');
    await options.filter({ hasText: '/rename' }).waitFor();
    assert.equal(await options.filter({ hasText: '/quit' }).count(), 0);
    await field.fill('/re');
    await field.press('Enter');
    assert.equal(await field.inputValue(), '/rename ');
    await field.pressSequentially('Better title');
    const patch = page.waitForRequest((request) => request.method() === 'PATCH');
    await field.press('Enter');
    assert.deepEqual((await patch).postDataJSON(), { title: 'Better title' });
    await page.getByRole('heading', { name: 'Better title' }).waitFor();
    assert.equal(await page.locator('.user-message').count(), 1);
    await say('/retry');
    await routingLine.nth(1).waitFor();
    assert.equal(await page.locator('.user-message').nth(1).textContent(), 'hello');
    await say('/etc/hosts is a file');
    await page.locator('.user-message').nth(2).waitFor();
  });

  it('/tools shows what an agent may do with each tool, and why one does not work', async () => {
    const { enter, page, say } = opened();
    await enter();
    await say('/tools');
    const dialog = page.getByRole('dialog', { name: 'Tools of assistant' });
    await dialog.getByText('shell: The shell is off. Turn it on.').waitFor();
    const line = dialog.getByRole('listitem').filter({ hasText: 'Runs a command.' });
    await line.getByText('deny, except').waitFor();
    await line.getByText('allow where command matches "git .*"').waitFor();
    await line.getByText('not available now').waitFor();
    await page.keyboard.press('Escape');
    await say('/tools coding-agnt');
    await page.getByText(/Did you mean coding-agent\?/).waitFor();
  });
});
