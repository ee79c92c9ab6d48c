import { z } from '@hono/zod-openapi';
import type { NodeInfo } from '../ports/cluster.ts';
import { refusals } from './refusals.ts';
import { route } from './route.ts';
import type { Routes } from './routes.ts';

/** https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
const MEDIA_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const getMetrics = route({
  method: 'get',
  path: '/metrics',
  permission: 'server.nodes',
  of: 'server',
  tags: ['Operators'],
  summary: 'What this server holds and takes, for Prometheus',
  description: 'Takes the role admin on `*`. The names of the process are those of all client libraries of Prometheus.',
  responses: { 200: { description: 'Its text format.', content: { 'text/plain': { schema: z.string() } } }, ...refusals() },
});

/** The route that Prometheus reads. `nodes` has this server first. */
export function addMetricsRoute(routes: Routes, nodes: () => readonly NodeInfo[]): void {
  routes.add(getMetrics, (c) => c.text(metricsText(nodes()[0] as NodeInfo), 200, { 'Content-Type': MEDIA_TYPE }));
}

function metricsText({ connections, documents, ready, startedAt }: NodeInfo): string {
  const { user, system } = process.cpuUsage();
  const metrics: readonly (readonly [name: string, type: 'gauge' | 'counter', help: string, value: number])[] = [
    ['inkwire_connections', 'gauge', 'Sockets of this server.', connections],
    ['inkwire_documents', 'gauge', 'Documents in its memory.', documents],
    ['inkwire_ready', 'gauge', '1 when it takes new sockets.', ready ? 1 : 0],
    ['process_cpu_seconds_total', 'counter', 'Processor time of the process, seconds.', (user + system) / 1e6],
    ['process_resident_memory_bytes', 'gauge', 'Memory of the process, bytes.', process.memoryUsage.rss()],
    ['process_start_time_seconds', 'gauge', 'When it started, seconds since 1970.', startedAt.getTime() / 1000],
  ];
  return metrics.map(([name, type, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`).join('');
}
