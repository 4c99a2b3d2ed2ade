// Loaded before a server that would listen on every address of this machine: whatever it asks for, it
// listens on loopback. Tells its port to the process that started it.
import { Server } from 'node:net';

const { listen } = Server.prototype;
Server.prototype.listen = function listenOnLoopback(port, ...rest) {
  this.once('listening', () => process.send?.({ port: this.address().port }));
  const whenListening = rest.filter((value) => typeof value === 'function');
  return listen.call(this, { port, host: '127.0.0.1' }, ...whenListening);
};
