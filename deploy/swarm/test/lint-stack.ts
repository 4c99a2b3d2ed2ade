import { parse } from 'yaml';

interface StackService {
  readonly image?: string;
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly secrets?: readonly (string | { readonly source: string })[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly networks?: readonly string[];
  readonly healthcheck?: unknown;
  readonly deploy?: {
    readonly resources?: { readonly limits?: unknown; readonly reservations?: unknown };
    readonly update_config?: { readonly order?: string; readonly failure_action?: string };
  };
}

export interface Stack {
  readonly services: Readonly<Record<string, StackService>>;
  readonly secrets: Readonly<Record<string, { readonly file?: string }>>;
}

const mosaicServices = ['gateway', 'router', 'agents', 'providers', 'memory', 'jobs'] as const;
/** Keys that Compose takes and Swarm ignores or refuses. */
const notForSwarm = [
  'build',
  'restart',
  'depends_on',
  'container_name',
  'cap_drop',
  'security_opt',
];
/** Secrets that exactly one service may hold. */
const exclusive: Readonly<Record<string, string>> = {
  'caller-seed': 'gateway',
  'auth-secret': 'gateway',
  'master-key': 'providers',
  'anthropic-api-key': 'providers',
  'openai-api-key': 'providers',
  'openrouter-api-key': 'providers',
  'zai-api-key': 'providers',
};

export function readStack(text: string): Stack {
  return parse(text, { merge: true }) as Stack;
}

/** What is wrong with a Swarm stack file, one sentence each. */
export function lintStack(stack: Stack): string[] {
  return Object.entries(stack.services).flatMap(([name, service]) => [
    ...notForSwarm
      .filter((key) => key in service)
      .map((key) => `${name}: Swarm does not take "${key}"`),
    ...lintDeploy(name, service),
    ...lintSecrets(name, service),
  ]);
}

function lintDeploy(name: string, service: StackService): string[] {
  const { deploy, healthcheck } = service;
  const problems: string[] = [];
  if (healthcheck === undefined) problems.push(`${name}: needs a health check`);
  if (deploy?.resources?.limits === undefined) problems.push(`${name}: needs limits`);
  if (deploy?.resources?.reservations === undefined) problems.push(`${name}: needs reservations`);
  if (mosaicServices.some((one) => one === name)) {
    if (deploy?.update_config?.order !== 'start-first') problems.push(`${name}: start-first`);
    if (deploy?.update_config?.failure_action !== 'rollback') problems.push(`${name}: rollback`);
  }
  if (service.image === undefined || /^[^:$]+$|:latest$/.test(service.image)) {
    problems.push(`${name}: pin the version of its image`);
  }
  return problems;
}

/** Also used for Compose: least privilege does not depend on the orchestrator. */
export function lintSecrets(name: string, service: StackService): string[] {
  const sources = (service.secrets ?? []).map((one) =>
    typeof one === 'string' ? one : one.source,
  );
  const foreign = sources.filter((source) => (exclusive[source] ?? name) !== name);
  const credentials = sources.filter((source) => source.endsWith('-credentials'));
  const wanted = name === 'provision' ? 'provisioner-credentials' : `${name}-credentials`;
  return [
    ...foreign.map((source) => `${name}: must not hold ${source}`),
    ...credentials
      .filter((source) => source !== wanted)
      .map((source) => `${name}: must not hold ${source}`),
    ...Object.entries(service.environment ?? {}).flatMap(([variable, value]) =>
      /(?:SEED|SECRET|PASSWORD|API_KEY)$/.test(variable) && !/^\$\{/.test(String(value))
        ? [`${name}: ${variable} belongs into a secret file`]
        : [],
    ),
  ];
}
