import type { Database } from '@mosaic/service-kit';
import {
  BinaryOperationNode,
  ColumnNode,
  type KyselyPlugin,
  OperationNodeTransformer,
  OperatorNode,
  type PluginTransformQueryArgs,
  RawNode,
  ReferenceNode,
} from 'kysely';
import type { MemoryTables } from '../../src/stores/tables.ts';

/** Takes every condition on `user_id` out of a statement, however it was written. */
class FilterRemover extends OperationNodeTransformer {
  removed = 0;

  override transformBinaryOperation(node: BinaryOperationNode): BinaryOperationNode {
    if (!namesUser(node)) return super.transformBinaryOperation(node);
    this.removed += 1;
    // Of every row: `user_id <> ''`.
    return BinaryOperationNode.create(
      node.leftOperand,
      OperatorNode.create('!='),
      RawNode.createWithSql("''"),
    );
  }

  override transformRaw(node: RawNode): RawNode {
    const raw = super.transformRaw(node);
    const sqlFragments = raw.sqlFragments.map((text, index) => {
      const isFollowedByValue = index < raw.parameters.length;
      if (!isFollowedByValue || !/user_id\s*=\s*$/.test(text)) return text;
      this.removed += 1;
      // The value stays a parameter and decides nothing any more.
      return text.replace(/=\s*$/, "<> '~' || ");
    });
    return { ...raw, sqlFragments };
  }
}

function namesUser({ leftOperand, operator }: BinaryOperationNode): boolean {
  if (!OperatorNode.is(operator) || !['=', 'in'].includes(operator.operator)) return false;
  if (!ReferenceNode.is(leftOperand) || !ColumnNode.is(leftOperand.column)) return false;
  return leftOperand.column.column.name === 'user_id';
}

/** The database as it would be if every statement had forgotten its filter. */
export function withoutFilters(db: Database<MemoryTables>): {
  readonly db: Database<MemoryTables>;
  /** How many filters were taken out until now. */
  removed(): number;
} {
  const remover = new FilterRemover();
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }: PluginTransformQueryArgs) => remover.transformNode(node),
    transformResult: async ({ result }) => result,
  };
  return {
    db: {
      ...db,
      asUser: (caller, work) => db.asUser(caller, (tx) => work(tx.withPlugin(plugin))),
      asService: (work) => db.asService((tx) => work(tx.withPlugin(plugin))),
    },
    removed: () => remover.removed,
  };
}
