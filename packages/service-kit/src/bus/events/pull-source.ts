import { createInbox, type Msg, nanos, type Subscription } from '@nats-io/transport-node';
import type { EventCore } from './event-core.ts';

export interface PullSourceOptions {
  readonly stream: string;
  readonly durable: string;
  /** A delivery; status messages of the server never get here. */
  readonly onMessage: (message: Msg) => void;
  /** How many more deliveries can be taken now. */
  readonly free: () => number;
  /** Makes sure that the consumer exists; may reject, then it is tried again. */
  readonly ensure: () => Promise<void>;
}

const retryMs = 500;

/**
 * Never asks for more messages than there is room for, so that no delivery waits in this process while
 * its acknowledgement time runs. The client library's own consumer fills a buffer ahead of the handler.
 * Lost pulls (server restarted, consumer gone, link down) show by missing heartbeats.
 */
export class PullSource {
  readonly #core: EventCore;
  readonly #options: PullSourceOptions;
  readonly #prefix: string;
  readonly #subscription: Subscription;
  /** Open pulls in the order they were sent (the server serves them so) and what each still brings. */
  readonly #pulls = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  readonly #stopWatching: () => void;
  #count = 0;
  #heardAt = performance.now();
  #isStopped = false;
  #isRestarting = false;

  constructor(core: EventCore, options: PullSourceOptions) {
    this.#core = core;
    this.#options = options;
    this.#prefix = `${createInbox(core.inboxPrefix)}.`;
    this.#subscription = core.connection.subscribe(`${this.#prefix}*`, {
      callback: (error, message) => {
        if (error === null) this.#hear(message);
        else core.log.error({ err: error, durable: options.durable }, 'Not allowed to consume.');
      },
    });
    this.#timer = setInterval(() => this.#check(), core.timings.pullHeartbeatMs);
    this.#stopWatching = core.watch.onReconnect(() => void this.#restart());
    this.pull();
  }

  /**
   * Asks for as much as there is room for, once that is no less than what is still asked for: a pull for
   * every single delivery would be one message more for each. While anything is asked for, nothing waits.
   */
  pull(): void {
    if (this.#isStopped || this.#isRestarting) return;
    let asked = 0;
    for (const open of this.#pulls.values()) asked += open;
    const batch = this.#options.free() - asked;
    if (batch <= 0 || batch < asked) return;
    this.#count += 1;
    const token = this.#count.toString(36);
    const { pullMs, pullHeartbeatMs } = this.#core.timings;
    const body = { batch, expires: nanos(pullMs), idle_heartbeat: nanos(pullHeartbeatMs) };
    this.#pulls.set(token, batch);
    if (this.#pulls.size === 1) this.#heardAt = performance.now();
    const { stream, durable } = this.#options;
    this.#publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`, {
      data: JSON.stringify(body),
      reply: this.#prefix + token,
    });
  }

  /** Asks for nothing more; deliveries that are on their way still come to `onMessage`. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    this.#stopWatching();
    if (!this.#core.connection.isClosed() && !this.#subscription.isClosed()) {
      await this.#subscription.drain();
    }
  }

  #publish(subject: string, { data, reply }: { data: string; reply: string }): void {
    try {
      this.#core.connection.publish(subject, data, { reply });
    } catch (thrown) {
      this.#core.log.debug({ err: thrown }, 'A pull could not be sent.');
    }
  }

  #hear(message: Msg): void {
    this.#heardAt = performance.now();
    if (message.subject.startsWith(this.#prefix)) {
      this.#hearStatus(message);
      return;
    }
    this.#countDelivery();
    this.#options.onMessage(message);
    this.pull();
  }

  #countDelivery(): void {
    for (const [token, open] of this.#pulls) {
      if (open > 1) this.#pulls.set(token, open - 1);
      else this.#pulls.delete(token);
      return;
    }
  }

  #hearStatus(message: Msg): void {
    const code = message.headers?.code ?? 0;
    if (code === 100) return;
    this.#pulls.delete(message.subject.slice(this.#prefix.length));
    // 404 and 408: the pull's time is over. Everything else says that something is not as it was.
    if (code === 404 || code === 408) this.pull();
    else void this.#restart();
  }

  #check(): void {
    if (this.#pulls.size === 0 || !this.#core.watch.isConnected) return;
    const silentMs = performance.now() - this.#heardAt;
    if (silentMs > 2.5 * this.#core.timings.pullHeartbeatMs) void this.#restart();
  }

  async #restart(): Promise<void> {
    if (this.#isStopped || this.#isRestarting) return;
    this.#isRestarting = true;
    this.#pulls.clear();
    while (!this.#isStopped && !this.#core.connection.isClosed()) {
      try {
        await this.#options.ensure();
        break;
      } catch (thrown) {
        const { durable } = this.#options;
        this.#core.log.warn({ err: thrown, durable }, 'The consumer is not there; trying again.');
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
    this.#isRestarting = false;
    this.#heardAt = performance.now();
    this.pull();
  }
}
