/**
 * The image's health check: exits 0 when `/health` of the daemon beside it answers 200 within 2.5 s, else 1. Over a bare
 * socket, since it runs every few seconds for as long as the daemon does, and Node's HTTP takes three times as long to load.
 */
import { connect } from 'node:net';

const port = Number(process.env['HEALTH_PORT'] || '3000');
const socket = connect({ host: '127.0.0.1', port });
const end = (isWell: boolean): never => process.exit(isWell ? 0 : 1);
setTimeout(() => end(false), 2500);
socket.on('connect', () => socket.write('GET /health HTTP/1.0\r\n\r\n'));
socket.on('data', (answer) => end(answer.toString().startsWith('HTTP/1.1 200 ')));
socket.on('close', () => end(false));
socket.on('error', () => end(false));
