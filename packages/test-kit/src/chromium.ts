/** How every test starts the system's Chromium: nothing but what the page itself asks for. */
export const chromiumOptions = {
  executablePath: '/usr/bin/chromium',
  // A busy machine takes its time.
  timeout: 120_000,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};
