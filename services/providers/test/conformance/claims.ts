import { describe, test } from 'node:test';
import type { CompletionPart } from '@mosaic/proto';
import type { Vendor } from '../../src/app/vendor/vendor-port.ts';
import { type Replay, type ReplayServer, startReplayServer } from '../replay-server.ts';
import { type Run, type RunChoices, runVendor } from '../run-vendor.ts';
import { fixture, type VendorCase, vendorCases } from '../vendor-cases.ts';

/** What a claim has at hand: a server that replays bytes, and the vendor's adapter pointed at it. */
export interface Stage {
  readonly server: ReplayServer;
  readonly vendor: Vendor;
  readonly model: string;
  readonly secondModel: string;
  /** The bytes of a fixture. */
  bytes(file: string): Buffer;
  /** The bytes of a fixture up to the end of the event that holds these words. */
  bytesUntil(file: string, words: string): string;
  /** Answers with a fixture, or with replays, and asks the first model. */
  ask(replays: string | readonly Replay[], choices?: RunChoices): Promise<Run>;
  /** As `ask`, with the second model as another candidate. */
  askBoth(replays: readonly Replay[], choices?: RunChoices): Promise<Run>;
  /** As `ask`, with these candidates. */
  askModels(models: readonly string[], replays: readonly Replay[]): Promise<Run>;
}

export type Claim = (title: string, body: (stage: Stage) => Promise<void>) => void;

/** Registers the same claims for every vendor; each claim gets a server of its own. */
export function forEveryVendor(
  theme: string,
  register: (claim: Claim, vendorCase: VendorCase) => void,
): void {
  for (const vendorCase of vendorCases) {
    describe(`${vendorCase.name} ${theme}`, () => register(claimsOf(vendorCase), vendorCase));
  }
}

/** Registers claims of one vendor alone. */
export function forVendor(
  name: VendorCase['name'],
  register: (claim: Claim, vendorCase: VendorCase) => void,
): void {
  const vendorCase = vendorCases.find((one) => one.name === name);
  if (!vendorCase) throw new TypeError(`no case for ${name}`);
  describe(`${name} in its own forms`, () => register(claimsOf(vendorCase), vendorCase));
}

function claimsOf(vendorCase: VendorCase): Claim {
  return (title, body) => {
    test(title, async () => {
      const server = await startReplayServer(vendorCase.contentType);
      try {
        await body(setStage(vendorCase, server));
      } finally {
        await server.stop();
      }
    });
  };
}

function setStage(vendorCase: VendorCase, server: ReplayServer): Stage {
  const { name, separator } = vendorCase;
  const [model, secondModel] = vendorCase.models;
  const vendor = vendorCase.make(server.url);
  const bytes = (file: string) => fixture(name, file);
  const run = (models: readonly string[], replays: readonly Replay[], choices?: RunChoices) => {
    server.queue(...replays);
    return runVendor(vendor, models, choices);
  };
  return {
    server,
    vendor,
    model,
    secondModel,
    bytes,
    bytesUntil(file, words) {
      const events = bytes(file).toString().split(separator);
      const seen = events.findIndex((event) => event.includes(words)) + 1;
      if (seen === 0) throw new TypeError(`${file} does not say ${words}`);
      return events.slice(0, seen).join(separator) + separator;
    },
    ask(replays, choices) {
      const list = typeof replays === 'string' ? [{ chunks: [bytes(replays)] }] : replays;
      return run([model], list, choices);
    },
    askBoth: (replays, choices) => run([model, secondModel], replays, choices),
    askModels: (models, replays) => run(models, replays),
  };
}

/** The parts of one type. */
export function partsOf<Type extends CompletionPart['type']>(
  { parts }: Run,
  type: Type,
): Extract<CompletionPart, { type: Type }>[] {
  return parts.flatMap((part) =>
    part.type === type ? [part as Extract<CompletionPart, { type: Type }>] : [],
  );
}

/** The calls that were handed over to be carried out, by name. */
export function callsOf(run: Run): (readonly [name: string, args: unknown])[] {
  return partsOf(run, 'tool-call').map(({ call }) => [call.name, call.arguments] as const);
}
