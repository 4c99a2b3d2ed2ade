import { chooseFreePort, portIsFree, reservePort } from '@mosaic/embedded-servers';
import { MosaicError } from '@mosaic/proto';

/** Where the gateway listens when nobody says otherwise. */
export const defaultPort = 14_242;

/**
 * The port that was asked for, which must be free (`bad_configuration`), or the next free one from
 * the default on; 0 takes any.
 */
export async function chooseGatewayPort(
  wanted: number | undefined,
  say: (sentence: string) => void,
): Promise<number> {
  if (wanted === 0) return reservePort();
  if (wanted === undefined) {
    const port = await chooseFreePort(defaultPort);
    if (port !== defaultPort) say(`port ${defaultPort} is taken, so this Mosaic uses ${port}`);
    return port;
  }
  if (await portIsFree(wanted)) return wanted;
  throw new MosaicError(
    'bad_configuration',
    `Port ${wanted} is in use by another program: stop that one, or choose another port with --port or MOSAIC_PORT.`,
  );
}
