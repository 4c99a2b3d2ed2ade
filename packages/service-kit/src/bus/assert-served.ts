import { allContracts, MosaicError, type ServiceName } from '@mosaic/proto';
import type { Bus } from './port.ts';

/** Stops a start that would leave a declared contract without a handler. */
export function assertServed(bus: Pick<Bus, 'handled'>, principal: ServiceName): void {
  const handled = new Set(bus.handled.map((contract) => contract.subject));
  const missing = Object.entries(allContracts).filter(
    ([, contract]) =>
      contract.kind !== 'event' &&
      contract.servedBy === principal &&
      !handled.has(contract.subject),
  );
  if (missing.length === 0) return;
  const calls = missing.map(([name, contract]) =>
    contract.kind === 'stream' ? `bus.handleStream(${name}, …)` : `bus.handle(${name}, …)`,
  );
  throw new MosaicError(
    'bad_configuration',
    `${principal} declares contracts that nobody handles; add ${calls.join(', ')} to its start.`,
  );
}
