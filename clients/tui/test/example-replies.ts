import type {
  getEffectiveRules,
  LimitsReport,
  listMemories,
  Memory,
  ReplyOf,
  reportUsage,
  ToolListing,
} from '@mosaic/proto';

const sum = {
  isSimulated: false,
  calls: 3,
  unansweredCalls: 0,
  openCalls: 0,
  retries: 0,
  estimatedCalls: 0,
  tokens: {
    inputTokens: 1_500,
    cacheReadTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: 300,
    reasoningTokens: 0,
  },
  costUsd: 0.12,
  unknownCostCalls: 1,
};

export const exampleUsageReport: ReplyOf<typeof reportUsage> = {
  from: '2026-01-01',
  to: '2026-01-30',
  by: 'model',
  rows: [{ ...sum, key: 'anthropic/claude-opus-4-6' }],
  totals: [sum],
};

export const exampleLimits: LimitsReport = {
  userId: 'owner',
  limits: { budgetUsdPerDay: 1, requestsPerMinute: null, tokensPerMinute: null },
  own: null,
  today: {
    spentUsd: 0.6,
    reservedUsd: 0,
    leftUsd: 0.4,
    unknownCostCalls: 0,
    resetsAt: '2026-01-31T00:00:00.000Z',
  },
};

export const exampleRules: ReplyOf<typeof getEffectiveRules> = {
  rules: [
    {
      name: 'cheap-mail',
      description: 'Mail is easy.',
      scope: 'user',
      priority: 50,
      enabled: true,
      when: [],
      then: { tier: 'cheap', fallbacks: [] },
    },
  ],
  policyVersion: '1',
  tiers: [],
  source: 'database',
  findings: [
    { level: 'warning', code: 'empty-tier', rule: 'cheap-mail', sentence: 'The tier is empty.' },
  ],
};

const exampleMemory: Memory = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  kind: 'preference',
  text: 'Likes short answers.',
  source: null,
  validFrom: null,
  validTo: null,
  confidence: 1,
  extractor: 'person',
  extractorVersion: null,
  supersededBy: null,
  createdAt: '2026-01-02T03:04:05.678Z',
  updatedAt: '2026-01-02T03:04:05.678Z',
};

export const exampleMemories: ReplyOf<typeof listMemories> = {
  memories: [
    exampleMemory,
    {
      ...exampleMemory,
      ...{ id: '01890a5d-ac96-774b-bcce-b302099a8058', text: 'Lives in Oslo.' },
      ...{ kind: 'fact', extractor: 'model' },
    },
  ],
  nextCursor: null,
  isPaused: false,
};

const working = { isAvailable: true, unavailableReason: null, advice: null };
const isOff = { isAvailable: false, unavailableReason: 'The shell is off.', advice: 'Turn it on.' };
const git = [{ argument: 'command', matches: 'git .*' }];

export const exampleTools: ToolListing = {
  agent: 'assistant',
  tools: [
    {
      ...{ name: 'web_fetch', summary: 'Reads a page.', server: null, policy: 'ask' },
      ...{ exceptions: [], ...working },
    },
    {
      ...{ name: 'shell', summary: 'Runs a command.', server: null, policy: 'deny' },
      ...{ exceptions: [{ policy: 'allow', when: git }], ...isOff },
    },
    {
      ...{ name: 'mcp:docs:find', summary: 'Finds.\x1b[2J', server: 'docs', policy: 'not-granted' },
      ...{ exceptions: [], ...working },
    },
  ],
  servers: [{ name: 'docs', isShared: false, isOwnOpen: true, ...working }],
  unmatched: [{ tool: 'web_fech', policy: 'allow' }],
};
