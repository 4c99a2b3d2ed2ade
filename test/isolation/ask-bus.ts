import {
  allContracts,
  MosaicError,
  type RequestContract,
  type ServiceName,
  type StreamContract,
} from '@mosaic/proto';
import type { Bus, SignedCaller } from '@mosaic/service-kit';
import { z } from 'zod';
import { type BusProbe, busProbes } from './bus-probes.ts';
import type { Loot } from './probes.ts';

type Asked = RequestContract | StreamContract;

/** Every request and stream behind which a person must stand. */
export const contractsOfPeople = Object.entries(allContracts).flatMap(([name, contract]) =>
  contract.kind !== 'event' && contract.caller !== 'service' ? [[name, contract] as const] : [],
);

/** Every event with a person in its subject. */
export const eventsOfPeople = Object.entries(allContracts).flatMap(([name, contract]) =>
  contract.kind === 'event' && contract.subject.includes('{userId}')
    ? [[name, contract] as const]
    : [],
);

export interface BusQuestion {
  readonly name: string;
  readonly contract: Asked;
  /** Each service that may ask it at all, asks it. */
  readonly by: ServiceName;
  readonly probe: BusProbe;
}

export function busQuestions(bob: Loot): readonly BusQuestion[] {
  return contractsOfPeople.flatMap(([name, contract]) =>
    contract.calledBy.flatMap((by) =>
      by === 'bridge'
        ? []
        : (busProbes[name]?.(bob) ?? []).map((probe) => ({ name, contract, by, probe })),
    ),
  );
}

/** Everything that comes back, or the refusal. */
export async function askBus(
  service: Bus,
  contract: Asked,
  { caller, request }: { readonly caller: SignedCaller; readonly request: unknown },
): Promise<{ readonly said: string; readonly code: string | undefined }> {
  try {
    const parts: unknown[] = [];
    if (contract.kind === 'request') parts.push(await service.call(contract, request, { caller }));
    else for await (const part of service.stream(contract, request, { caller })) parts.push(part);
    return { said: JSON.stringify(parts), code: refusalIn(parts) };
  } catch (thrown) {
    if (!(thrown instanceof MosaicError)) throw thrown;
    return { said: `${thrown.code}: ${thrown.message}`, code: thrown.code };
  }
}

/** A stream never throws: its last part says what went wrong. */
function refusalIn(parts: readonly unknown[]): string | undefined {
  const last = z.object({ failure: z.object({ code: z.string() }) }).safeParse(parts.at(-1));
  return last.data?.failure.code;
}
