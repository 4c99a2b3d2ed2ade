import type { EventOfType } from './events.ts';
import type { AnswerView, ApprovalView, MessageBlock, ToolBlock } from './view.ts';

type ToolEvent = EventOfType<
  'tool.called' | 'tool.finished' | 'approval.asked' | 'approval.answered' | 'approval.expired'
>;

/** What changes in an answer by an event about one of its tool calls. */
export function foldToolEvent(
  { blocks, status }: AnswerView,
  event: ToolEvent,
): Pick<AnswerView, 'blocks' | 'status'> {
  switch (event.type) {
    case 'tool.called':
      return { status: 'streaming', blocks: addCall(blocks, event) };
    case 'tool.finished': {
      const { output, isError, durationMs } = event;
      const finish = (block: ToolBlock) => ({ ...block, output, isError, durationMs });
      return { status, blocks: updateCall(blocks, event.callId, finish) };
    }
    case 'approval.asked': {
      const { covers, expiresAt } = event;
      const approval = { state: 'waiting', covers, expiresAt } as const;
      return {
        status,
        blocks: updateCall(blocks, event.callId, (block) => ({ ...block, approval })),
      };
    }
    case 'approval.answered':
      return { status, blocks: updateCall(blocks, event.callId, decidedAs(event.answer)) };
    case 'approval.expired':
      return { status, blocks: updateCall(blocks, event.callId, decidedAs('expired')) };
    default:
      return event satisfies never;
  }
}

/** Nobody can answer any more: the turn has ended. */
export function withdrawApprovals(blocks: readonly MessageBlock[]): readonly MessageBlock[] {
  return blocks.map((block) => (block.type === 'tool' ? decidedAs('withdrawn')(block) : block));
}

/** Replaces the block of the same kind and step, or adds it behind the others. */
export function putBlock(
  blocks: readonly MessageBlock[],
  block: Extract<MessageBlock, { text: string }>,
): readonly MessageBlock[] {
  const index = blocks.findIndex((one) => one.type === block.type && one.step === block.step);
  return index === -1 ? [...blocks, block] : blocks.with(index, block);
}

function addCall(
  blocks: readonly MessageBlock[],
  { step, callId, name, text, arguments: given }: EventOfType<'tool.called'>,
): readonly MessageBlock[] {
  const said = text === '' ? blocks : putBlock(blocks, { type: 'text', step, text });
  const call = { type: 'tool', step, callId, name, arguments: given } as const;
  return [...said, { ...call, output: null, isError: false, durationMs: null, approval: null }];
}

/** Vendors may use a call's id again in a later step: the last one is meant. */
function updateCall(
  blocks: readonly MessageBlock[],
  callId: string,
  change: (block: ToolBlock) => ToolBlock,
): readonly MessageBlock[] {
  const index = blocks.findLastIndex((block) => block.type === 'tool' && block.callId === callId);
  const block = blocks[index];
  return block?.type === 'tool' ? blocks.with(index, change(block)) : blocks;
}

function decidedAs(state: ApprovalView['state']) {
  return (block: ToolBlock): ToolBlock =>
    block.approval?.state === 'waiting'
      ? { ...block, approval: { ...block.approval, state } }
      : block;
}
