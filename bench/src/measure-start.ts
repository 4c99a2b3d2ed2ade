import { launchMosaic, temporaryDirectory } from '@mosaic/test-kit';

/** From starting the launcher to an answered message: with an empty data directory, and again. */
export async function measureStart(): Promise<void> {
  const directory = await temporaryDirectory();
  console.log('| start | ready after s | answered after s |\n| --- | --- | --- |');
  for (const name of ['first, empty data directory', 'second, warm', 'third, warm']) {
    const started = performance.now();
    const mosaic = await launchMosaic({ dataDir: directory.path });
    const ready = performance.now() - started;
    const response = await fetch(`${mosaic.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${mosaic.ownerToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'Hello' }] }),
    });
    await response.text();
    const answered = performance.now() - started;
    console.log(`| ${name} | ${(ready / 1_000).toFixed(1)} | ${(answered / 1_000).toFixed(1)} |`);
    await mosaic.stop();
  }
  await directory.remove();
}
