const firstByteMs = 3_000;

/**
 * Everything that is piped in, or '' on a terminal. Programs that start us often leave an open pipe
 * behind in which nothing will ever come; when there is a question already (`isOptional`), a pipe that
 * stays silent for 3 s is left alone, and that is said.
 */
export async function readPipedText(
  stdin: NodeJS.ReadStream,
  isOptional: boolean,
): Promise<string> {
  if (stdin.isTTY) return '';
  const chunks: Buffer[] = [];
  const ended = Promise.withResolvers<void>();
  const giveUp = (): void => {
    process.stderr.write('Nothing is piped in; asking without it.\n');
    ended.resolve();
  };
  const timer = isOptional ? setTimeout(giveUp, firstByteMs) : undefined;
  const onData = (chunk: Buffer | string): void => {
    clearTimeout(timer);
    chunks.push(Buffer.from(chunk));
  };
  stdin.on('data', onData).once('end', ended.resolve).once('error', ended.reject);
  await ended.promise;
  clearTimeout(timer);
  stdin.off('data', onData).pause();
  stdin.unref?.();
  return Buffer.concat(chunks).toString('utf8');
}
