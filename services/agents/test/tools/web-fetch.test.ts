import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { findNameServerObstacle } from '../../src/tools/obstacles/name-server-obstacle.ts';
import { isPublicAddress } from '../../src/tools/web/public-address.ts';
import { webFetchTool } from '../../src/tools/web/web-fetch.ts';
import { type NameServer, startNameServer } from './name-server.ts';
import { contextOf, resultsHere, runnerOf } from './tool-rig.ts';

const secret = 'what only this machine may know';
/** Paths of the server on this machine that somebody reached. */
const reached: string[] = [];
const pages = new Map<string, (response: ServerResponse) => void>();
let server: Server;
let port: number;
let names: NameServer;
let run: ReturnType<typeof runnerOf>;
/** With a deadline that some pages pass. */
let runBriefly: ReturnType<typeof runnerOf>;

before(async () => {
  server = createServer((request, response) => {
    reached.push(request.url ?? '');
    const page = pages.get(request.url ?? '');
    if (page === undefined) response.end(secret);
    else page(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  names = await startNameServer();
  names.answer('open.test', '127.0.0.1');
  names.answer('shut.test', '127.0.0.1');
  // The server's port is let through so that only the address can be what refuses.
  const rules = { ports: [port], openedHosts: [`open.test:${port}`] };
  const runnerWithin = (deadlineMs: number) => {
    const tool = webFetchTool({ rules, resolve: names.resolve, deadlineMs });
    return runnerOf([tool], contextOf('mia', 'c1'), resultsHere());
  };
  run = runnerWithin(60_000);
  runBriefly = runnerWithin(2_000);
});
after(() => {
  server.close();
  server.closeAllConnections();
  names.stop();
});

const fetchIt = (url: string) => run('web_fetch', { url });
const open = (path: string) => fetchIt(`http://open.test:${port}${path}`);
/** Headers carry bytes: other letters go out as those of UTF-8. */
const redirect = (to: string) => (response: ServerResponse) => {
  const location = Buffer.from(to.replace('PORT', String(port))).toString('latin1');
  response.writeHead(302, { location }).end();
};
const html = (body: string) => (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'text/html' }).end(body);

/** Each is this machine, its network or its cloud, in some way of writing. */
const refusedHosts = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '017700000001',
  '0177.0.0.1',
  '0x7f000001',
  '0x7f.0x0.0x0.0x1',
  '0x7f.1',
  '127.0.0.1.',
  '127.000.000.001',
  '１２７.0.0.1',
  '127。0。0。1',
  '%31%32%37.0.0.1',
  '127.255.255.254',
  '0',
  '0.0.0.0',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:7f00:0001]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fe80::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fec0::1]',
  '[ff02::1]',
  '[2001:db8::1]',
  '[100::1]',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '[::ffff:169.254.169.254]',
  '100.64.0.1',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  'shut.test',
  'SHUT.test.',
];

for (const host of refusedHosts) {
  test(`the host ${host} is refused`, async () => {
    const before = reached.length;
    for (const url of [`http://${host}:${port}/`, `http://${host}/`, `https://${host}/`]) {
      const { isError, output } = await fetchIt(url);
      assert.ok(isError, output);
      assert.match(output, /not on the public internet|is no address|There is no host/);
    }
    assert.equal(reached.length, before, 'nobody came to the server');
  });
}

for (const host of refusedHosts) {
  test(`a redirect to ${host} is refused`, async () => {
    pages.set('/go', redirect(`http://${host}:PORT/secret`));
    const before = reached.length;
    const { isError, output } = await open('/go');
    assert.ok(isError, output);
    assert.deepEqual(reached.slice(before), ['/go']);
  });
}

test('other schemes, other ports and addresses with a password are refused', async () => {
  const refused = [
    'file:///etc/passwd',
    'ftp://open.test/',
    'gopher://open.test/',
    'data:text/html,hi',
    'javascript:alert(1)',
    `http://user:pass@open.test:${port}/`,
    'http://open.test:22/',
    'http://open.test:6379/',
    '//open.test/',
    'not an address',
    `http://open.test:${port}@127.0.0.1:${port}/`,
  ];
  const before = reached.length;
  for (const url of refused) assert.equal((await fetchIt(url)).isError, true, url);
  pages.set('/scheme', redirect('file:///etc/passwd'));
  assert.match((await open('/scheme')).output, /Only http and https/);
  assert.deepEqual(reached.slice(before), ['/scheme']);
});

test('a name that is public first and this machine at the next question leads nowhere', async () => {
  // A number of the public internet that nothing on this machine answers for.
  names.answer('changes.test', '1.1.1.1', '127.0.0.1');
  const before = reached.length;
  const url = `http://changes.test:${port}/secret`;
  const { isError } = await runBriefly('web_fetch', { url });
  assert.ok(isError);
  assert.equal(names.asked.get('changes.test'), 1, 'it is asked once and held to its answer');
  assert.equal(reached.length, before);
  const second = await fetchIt(url);
  assert.match(second.output, /not on the public internet/);
});

test('one private address among public ones refuses the name', async () => {
  const rules = { ports: [port], openedHosts: [] };
  const resolve = async () => ['1.1.1.1', '127.0.0.1'];
  const both = runnerOf([webFetchTool({ rules, resolve })], contextOf('mia', 'c1'));
  const { output } = await both('web_fetch', { url: `http://both.test:${port}/` });
  assert.match(output, /not on the public internet/);
});

test('numbers of the public internet are public', () => {
  for (const address of ['1.1.1.1', '93.184.216.34', '2606:4700::1111', '64:ff9b::1.1.1.1']) {
    assert.equal(isPublicAddress(address), true, address);
  }
  for (const address of ['', 'localhost', '::', '1.1.1', '::ffff:10.0.0.1', 'fe80::1%eth0']) {
    assert.equal(isPublicAddress(address), false, address);
  }
});

test('redirects without end are given up', async () => {
  pages.set('/round', redirect('/round'));
  const before = reached.length;
  assert.match((await open('/round')).output, /More than 5 redirects/);
  assert.equal(reached.length - before, 6);
});

test('a page is read as its article, with whole links and without scripts', async () => {
  const words = 'The quick brown fox jumps over the lazy dog, and nobody minds at all. '.repeat(12);
  pages.set(
    '/page',
    html(
      `<html><head><title>Foxes &amp; dogs</title></head><body><nav><a href="/">Home</a></nav><article><h1>Foxes</h1><p>${words}<a href="/more?a=1">more</a> <a href="javascript:x()">bad</a></p><h2>大狐狸</h2><ul><li>one<li>two</ul><pre><code>a  b</code></pre><p>${words}</p></article><script>steal()</script></body></html>`,
    ),
  );
  const { output } = await open('/page');
  assert.match(
    output,
    /^Address: http:\/\/open\.test:\d+\/page\nTitle: Foxes & dogs\n\[What follows/,
  );
  assert.match(output, /## 大狐狸/);
  assert.match(output, new RegExp(`\\[more\\]\\(http://open\\.test:${port}/more\\?a=1\\)`));
  assert.match(output, /a {2}b/);
  assert.doesNotMatch(output, /steal|javascript:|Home/);
});

test('a page that is no article, plain text and other character sets are read too', async () => {
  pages.set('/short', html('<title>Short</title><p>Just this.</p>'));
  const short = await open('/short');
  assert.match(short.output, /Title: Short\n/);
  assert.match(short.output, /\n\nJust this\.$/);
  pages.set('/headless', html('<html><head><title>T</title></head><p>No body tag.</p>'));
  assert.match((await open('/headless')).output, /\n\nNo body tag\.$/);
  pages.set('/text', (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"a": 1}'),
  );
  assert.match((await open('/text')).output, /\{"a": 1\}$/);
  pages.set('/latin', (response) =>
    response
      .writeHead(200, { 'content-type': 'text/html; charset=iso-8859-1' })
      .end(Buffer.from('<p>caf\xe9</p>', 'latin1')),
  );
  assert.match((await open('/latin')).output, /café/);
  pages.set('/photo', (response) => response.writeHead(200, { 'content-type': 'image/png' }).end());
  assert.match((await open('/photo')).output, /no text but image\/png/);
  pages.set('/gone', (response) => response.writeHead(404).end('nothing'));
  assert.match((await open('/gone')).output, /status 404/);
});

test('a page that unpacks to more than fits is cut at the limit', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000, 'x'));
  pages.set('/bomb', (response) =>
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(bomb),
  );
  const { isError, output } = await open('/bomb');
  assert.equal(isError, false, output.slice(0, 200));
  assert.match(output, /Cut: 20000 of 3000\d{3} characters/);
});

test('a server that never ends and a page that is hard to read are given up in time', async () => {
  pages.set('/slow', (response) => {
    response.writeHead(200, { 'content-type': 'text/plain' }).write('wait');
  });
  const slow = await runBriefly('web_fetch', { url: `http://open.test:${port}/slow` });
  assert.deepEqual([slow.outcome, slow.output], ['timed-out', 'web_fetch took longer than 2 s.']);
  pages.set('/deep', html('<div>'.repeat(500_000)));
  const deep = await runBriefly('web_fetch', { url: `http://open.test:${port}/deep` });
  assert.ok(deep.outcome === 'failed' || deep.outcome === 'timed-out', deep.output.slice(0, 200));
});

test('without a name server that answers it is said that no page can be found, and what to do', async () => {
  assert.equal(
    await findNameServerObstacle([names.address]),
    null,
    'also one that says no answers',
  );
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  // A port of TCP alone: nobody answers there by UDP.
  const nobody = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const found = await findNameServerObstacle([nobody]);
  silent.close();
  assert.match(found?.reason ?? '', /No name server answers here/);
  assert.match(found?.advice ?? '', /resolv\.conf/);
});
