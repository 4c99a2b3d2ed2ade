// Another process on the bus, for tests that kill it: argv[2] is its role, argv[3] how to connect.
import { type CompletionPart, streamCompletion } from '@mosaic/proto';
import { connectBus } from '@mosaic/service-kit';

const [, , role, connection = '{}'] = process.argv;
const bus = await connectBus(JSON.parse(connection));

if (role === 'stream') {
  bus.handleStream(streamCompletion, async function* (): AsyncGenerator<CompletionPart> {
    for (;;) {
      yield { type: 'text', text: 'x' };
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
  await bus.flush();
} else {
  await bus.tryLease('LEASES', 'conversation');
}
process.stdout.write('ready\n');
