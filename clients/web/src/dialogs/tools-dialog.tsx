import {
  describeToolExceptions,
  describeToolPolicy,
  describeToolServers,
  describeToolSource,
  describeToolTroubles,
  type ListedTool,
  type ToolListing,
} from '@mosaic/proto';
import { useCallback } from 'react';
import { useReading } from '../pages/use-reading.ts';
import { fetchTools } from '../rest/catalogue.ts';
import { Dialog } from './dialog.tsx';

interface ToolsDialogProps {
  readonly agent: string;
  readonly onClose: () => void;
}

/** Which tools there are, what the agent may do with each, and what does not work now. */
export function ToolsDialog({ agent, onClose }: ToolsDialogProps) {
  const read = useCallback(() => fetchTools(agent), [agent]);
  const { problem, value } = useReading(read);
  return (
    <Dialog title={`Tools of ${agent}`} onClose={onClose}>
      {problem !== null && (
        <p role="alert" className="note note-bad">
          {problem}
        </p>
      )}
      {value === null && problem === null && <p className="text-dim">loading …</p>}
      {value !== null && <Listing listing={value} />}
    </Dialog>
  );
}

function Listing({ listing }: { readonly listing: ToolListing }) {
  return (
    <>
      {describeToolTroubles(listing).map((trouble) => (
        <p key={trouble} className="note">
          {trouble}
        </p>
      ))}
      {describeToolServers(listing).map((server) => (
        <p key={server} className="text-dim">
          {server}
        </p>
      ))}
      <ul className="lines">
        {listing.tools.map((tool) => (
          <li key={tool.name}>
            <ToolLine tool={tool} />
          </li>
        ))}
      </ul>
    </>
  );
}

function ToolLine({ tool }: { readonly tool: ListedTool }) {
  return (
    <>
      <p className="font-mono">{tool.name}</p>
      <p>{tool.summary}</p>
      <div className="line-foot">
        <span>{describeToolPolicy(tool)}</span>
        <span>{describeToolSource(tool)}</span>
        {!tool.isAvailable && <span>not available now</span>}
      </div>
      {describeToolExceptions(tool).map((exception) => (
        <p key={exception} className="font-mono text-xs">
          {exception}
        </p>
      ))}
    </>
  );
}
