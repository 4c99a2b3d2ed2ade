import { allContracts } from '../src/all-contracts.ts';
import { type Contract, contractMajor, subjectPrefix } from '../src/contract.ts';
import { allJsonSchemas, messagesOf } from './json-schemas.ts';

/** The AsyncAPI 3.0 document of the bus: one channel per subject, one operation per part played. */
export function asyncapiDocument(): object {
  const contracts = Object.entries(allContracts);
  const schemas = allJsonSchemas();
  const messages = contracts.flatMap(([name, contract]) =>
    Object.keys(messagesOf(contract)).map((role) => {
      const { $schema: _dialect, ...payload } = schemas.get(`${name}.${role}`) ?? {};
      return [`${name}-${role}`, { name: `${name}.${role}`, payload }];
    }),
  );
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Mosaic bus',
      version: `${contractMajor}.0.0`,
      description:
        'Typed subjects of Mosaic. A stored fact names its JetStream stream in `x-stream`; who may publish and listen is in `x-published-by`, `x-consumed-by`, `x-served-by` and `x-called-by`, from which the permissions of every credential are made.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: { bus: { host: 'nats:4222', protocol: 'nats' } },
    channels: Object.fromEntries(
      contracts.map(([name, contract]) => [name, channel(name, contract)]),
    ),
    operations: Object.fromEntries(contracts.flatMap(([name, one]) => operations(name, one))),
    components: { messages: Object.fromEntries(messages) },
  };
}

function channel(name: string, contract: Contract): object {
  const names = [...contract.subject.matchAll(/\{([a-zA-Z]+)\}/g)].map((match) => match[1] ?? '');
  const roles = Object.keys(messagesOf(contract));
  return {
    address: `${subjectPrefix}.${contract.subject}`,
    description: contract.summary,
    messages: Object.fromEntries(
      roles.map((role) => [role, { $ref: `#/components/messages/${name}-${role}` }]),
    ),
    ...(names.length === 0
      ? {}
      : {
          parameters: Object.fromEntries(names.map((one) => [one, { description: `One ${one}.` }])),
        }),
    ...parties(contract),
  };
}

function parties(contract: Contract): object {
  if (contract.kind === 'event') {
    return {
      'x-published-by': contract.publishedBy,
      'x-consumed-by': contract.consumedBy,
      'x-stream': contract.stream,
    };
  }
  return {
    'x-served-by': contract.servedBy,
    'x-called-by': contract.calledBy,
    'x-caller': contract.caller,
  };
}

function operations(name: string, contract: Contract): [string, object][] {
  const channelRef = { $ref: `#/channels/${name}` };
  const message = (role: string) => ({ $ref: `#/channels/${name}/messages/${role}` });
  if (contract.kind === 'event') {
    return [
      [
        name,
        {
          action: 'send',
          channel: channelRef,
          summary: contract.summary,
          messages: [message('fact')],
        },
      ],
    ];
  }
  const answer = contract.kind === 'stream' ? 'part' : 'reply';
  return [
    [
      name,
      {
        action: 'receive',
        channel: channelRef,
        summary: contract.summary,
        bindings: { nats: { queue: contract.servedBy } },
        messages: [message('request')],
        reply: { channel: channelRef, messages: [message(answer)] },
      },
    ],
  ];
}
