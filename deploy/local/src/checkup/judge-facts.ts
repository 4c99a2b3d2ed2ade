import type { Facts, ServerFact, VendorFact } from './facts.ts';
import { type Finding, fine } from './finding.ts';

const oldestNodeMajor = 24;
const leastFreeBytes = 500_000_000;
const embeddingModel = 'nomic-embed-text';
/** As memory says it with every search that has no vectors of a model. */
const lightSearch = 'memory is searched by keywords and light semantics (English only) until then';

/** What the facts mean for a start of Mosaic, in the order in which a person would mend them. */
export function judgeFacts(facts: Facts): readonly Finding[] {
  return [
    judgeNode(facts),
    judgeConfiguration(facts),
    ...facts.servers.map(judgeServer),
    judgeDirectory(facts),
    judgeDisk(facts),
    judgePort(facts),
    judgeLock(facts),
    ...facts.vendors.map(judgeVendor),
    judgeOllama(facts),
    judgeClock(facts),
    judgePage(facts),
    judgeBubblewrap(facts),
  ];
}

function judgeNode({ nodeVersion, isBundledNode }: Facts): Finding {
  if (Number(nodeVersion.split('.')[0]) < oldestNodeMajor) {
    const fix = 'run "npm install", or install Node 24 or newer';
    return { check: 'node', state: 'missing', sentence: `Node ${nodeVersion} is too old`, fix };
  }
  const origin = isBundledNode ? 'from the packages of this repository' : "the machine's own";
  return fine('node', `Node ${nodeVersion}, ${origin}`);
}

function judgeConfiguration({ configuration }: Facts): Finding {
  if (configuration.length === 0) return fine('configuration', 'every variable is usable');
  const fix = 'correct these variables, or unset them';
  return { check: 'configuration', state: 'missing', sentence: configuration.join('; '), fix };
}

function judgeServer({ name, variable, isGiven, version, isReachable }: ServerFact): Finding {
  if (isGiven) {
    if (isReachable) return fine(name, `${variable} names one that answers`);
    const sentence = `the one that ${variable} names does not answer`;
    return { check: name, state: 'missing', sentence, fix: `start it, or unset ${variable}` };
  }
  if (version !== undefined) return fine(name, version);
  const formula = name === 'redis-server' ? 'redis' : name;
  const fix = `"sudo apt-get install ${name}" or "brew install ${formula}", "mosaic doctor --fix", or set ${variable}`;
  return { check: name, state: 'missing', sentence: 'not found', fix };
}

function judgeDirectory({
  dataDirectory: { path, exists, isOurs, isWritable, mode },
}: Facts): Finding {
  const check = 'data directory';
  if (!isWritable) {
    const fix = 'choose another one with MOSAIC_DATA_DIR or --data-dir';
    return { check, state: 'missing', sentence: `${path} can't be written`, fix };
  }
  if (!exists) return fine(check, `${path} will be made`);
  if (isOurs && mode !== undefined && (mode & 0o077) !== 0) {
    const sentence = `${path} is open to other users (mode ${mode.toString(8)})`;
    return { check, state: 'advice', sentence, fix: `chmod 700 ${path}, or "mosaic doctor --fix"` };
  }
  return fine(check, path);
}

function judgeDisk({ freeBytes }: Facts): Finding {
  const check = 'disk';
  if (freeBytes === undefined) return fine(check, 'free space unknown');
  const sentence = `${(freeBytes / 1e9).toFixed(1)} GB free`;
  if (freeBytes >= leastFreeBytes) return fine(check, sentence);
  return { check, state: 'missing', sentence, fix: 'free 0.5 GB or more' };
}

function judgePort({ port: { number, isFree, isChosen }, runningPid }: Facts): Finding {
  const check = 'port';
  if (isFree) return fine(check, `${number} is free`);
  if (runningPid !== undefined) return fine(check, `${number} is in use while Mosaic runs`);
  const sentence = `${number} is in use by another program`;
  if (!isChosen) {
    return { check, state: 'advice', sentence, fix: 'Mosaic will take the next free one' };
  }
  return { check, state: 'missing', sentence, fix: 'stop that program, or change MOSAIC_PORT' };
}

function judgeLock({ runningPid, troubles }: Facts): Finding {
  if (runningPid === undefined) return fine('running', 'no Mosaic runs from this directory');
  if (troubles.length > 0) {
    const sentence = `process ${runningPid}; ${troubles.join('; ')}`;
    return { check: 'running', state: 'advice', sentence, fix: '"mosaic tools" tells of tools' };
  }
  return fine('running', `process ${runningPid}; "mosaic status" tells more`);
}

function judgeVendor({ name, variable, hasKey, address, isReachable }: VendorFact): Finding {
  if (!hasKey) {
    const fix = `set ${variable} (or ${variable}_FILE) to use it`;
    return { check: name, state: 'advice', sentence: 'no key', fix };
  }
  if (isReachable === true) return fine(name, `has a key, and ${address} answers`);
  const fix = `check the network, a proxy, or ${variable.replace('API_KEY', 'BASE_URL')}`;
  return { check: name, state: 'advice', sentence: `has a key, but ${address} is silent`, fix };
}

function judgeOllama({ ollama: { address, answers, models } }: Facts): Finding {
  const check = 'ollama';
  if (!answers) {
    const fix = 'start it for answers without a vendor ("ollama serve"), or set OLLAMA_BASE_URL';
    const sentence = `nothing answers at ${address}; ${lightSearch}`;
    return { check, state: 'advice', sentence, fix };
  }
  if (models.some((model) => model.startsWith(embeddingModel))) {
    return fine(check, `${address} answers and has ${embeddingModel}`);
  }
  const sentence = `${address} answers, but has no embedding model; ${lightSearch}`;
  return { check, state: 'advice', sentence, fix: `"ollama pull ${embeddingModel}"` };
}

function judgeClock({ clockBehindMs }: Facts): Finding {
  if (clockBehindMs <= 0) return fine('clock', 'plausible');
  const sentence = 'the clock is behind the files of this version: credentials would be refused';
  return { check: 'clock', state: 'missing', sentence, fix: 'set the clock of this machine' };
}

function judgePage({ isPageBuilt }: Facts): Finding {
  if (isPageBuilt) return fine('web client', 'built');
  const fix = '"npm start" builds it, or "mosaic doctor --fix"';
  return { check: 'web client', state: 'advice', sentence: 'not built yet', fix };
}

function judgeBubblewrap({ bubblewrap }: Facts): Finding {
  const check = 'bubblewrap';
  if (bubblewrap === 'works') return fine(check, 'makes a sandbox for the shell of agents');
  if (bubblewrap === 'blocked') {
    const sentence = 'found, but it can make no sandbox here: agents have no shell';
    return { check, state: 'advice', sentence, fix: 'allow user namespaces (docs/tools.md)' };
  }
  const fix = 'install the package "bubblewrap" to let agents use a shell (Linux)';
  return { check, state: 'advice', sentence: 'not found', fix };
}
