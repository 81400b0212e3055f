import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { before, describe, it } from 'mocha';
import { parseAllDocuments } from 'yaml';
import { ALL_VARIABLES } from '../../src/config/variables.ts';
import { ROOT } from './engine.ts';

/** Kubernetes' own schemas, by kind. */
const KINDS: Readonly<Record<string, new (data: never) => { validate(): void }>> = {
  Deployment,
  NetworkPolicy,
  PodDisruptionBudget,
  Namespace,
};

type Json = Readonly<Record<string, unknown>>;

function check(document: Json): void {
  const Kind = KINDS[String(document['kind'])];
  if (Kind === undefined) throw new Error(`no schema of ${String(document['kind'])} here`);
  new Kind(document as never).validate();
}

/** What PodSecurity "restricted" (Kubernetes' documentation, Pod Security Standards) would refuse about a pod. */
function refused(pod: Json): readonly string[] {
  const outer = (pod['securityContext'] ?? {}) as Json;
  const allowedVolumes = [
    'configMap',
    'csi',
    'downwardAPI',
    'emptyDir',
    'ephemeral',
    'persistentVolumeClaim',
  ];
  const problems: string[] = [];
  for (const name of ['hostNetwork', 'hostPID', 'hostIPC']) if (pod[name] === true) problems.push(name);
  for (const volume of (pod['volumes'] ?? []) as Json[])
    for (const type of Object.keys(volume))
      if (!['name', 'projected', 'secret', ...allowedVolumes].includes(type)) problems.push(`volume ${type}`);
  for (const container of (pod['containers'] ?? []) as Json[]) {
    const own = { ...outer, ...(container['securityContext'] as Json | undefined) } as Json;
    if (own['allowPrivilegeEscalation'] !== false) problems.push('allowPrivilegeEscalation');
    if (own['privileged'] === true) problems.push('privileged');
    if (own['runAsNonRoot'] !== true) problems.push('runAsNonRoot');
    if (own['runAsUser'] === 0) problems.push('runAsUser');
    const profile = String((own['seccompProfile'] as Json | undefined)?.['type']);
    if (!['RuntimeDefault', 'Localhost'].includes(profile)) problems.push('seccompProfile');
    const capabilities = (own['capabilities'] ?? {}) as { drop?: string[]; add?: string[] };
    if (
      !capabilities.drop?.includes('ALL') ||
      (capabilities.add ?? []).some((one) => one !== 'NET_BIND_SERVICE')
    )
      problems.push('capabilities');
    for (const { hostPort } of (container['ports'] ?? []) as { hostPort?: number }[])
      if (hostPort !== undefined) problems.push('hostPort');
  }
  return problems;
}

describe('config/container/kubernetes.yaml', () => {
  let documents: readonly Json[];
  let deployment: Json;
  let pod: Json;

  before(() => {
    const text = readFileSync(join(ROOT, 'config/container/kubernetes.yaml'), 'utf8');
    documents = parseAllDocuments(text).map((document) => document.toJS() as Json);
    deployment = documents.find(({ kind }) => kind === 'Deployment')!;
    pod = ((deployment['spec'] as Json)['template'] as Json)['spec'] as Json;
  });

  it("is what Kubernetes' schemas ask for", () => {
    expect(documents.map(({ kind }) => kind)).to.have.members(Object.keys(KINDS));
    for (const document of documents) check(document);
    const wrong = structuredClone(deployment) as { spec: { replicas: unknown } };
    wrong.spec.replicas = 'two';
    expect(() => check(wrong)).to.throw(/replicas/);
  });

  it('is let in where PodSecurity is "restricted", which its own namespace asks for', () => {
    const labels = (documents.find(({ kind }) => kind === 'Namespace')!['metadata'] as Json)['labels'];
    expect(labels).to.include({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    expect(refused(pod)).to.deep.equal([]);
    const soft = { ...pod, hostNetwork: true, securityContext: {}, volumes: [{ name: 'x', hostPath: {} }] };
    expect(refused(soft)).to.have.members([
      'hostNetwork',
      'volume hostPath',
      'runAsNonRoot',
      'seccompProfile',
    ]);
  });

  it('asks the probes of the health listener, gives secrets as files, and longer to stop than the bot takes', () => {
    const [container] = pod['containers'] as (Json & { env: { name: string; value: string }[] })[];
    const paths = ['startupProbe', 'livenessProbe', 'readinessProbe'].map(
      (name) => ((container![name] as Json)['httpGet'] as Json)['path'],
    );
    expect(paths).to.deep.equal(['/health', '/health', '/ready']);
    const known = ALL_VARIABLES.flatMap(([name]) => [name, `${name}_FILE`]);
    const environment = new Map(container!.env.map(({ name, value }) => [name, value]));
    expect([...environment.keys()].filter((name) => !known.includes(name))).to.deep.equal([]);
    expect([...environment.keys()].filter((name) => /TOKEN$|_URL$/.test(name))).to.deep.equal([]);
    expect(pod['terminationGracePeriodSeconds']).to.be.greaterThan(
      Number(environment.get('SHUTDOWN_GRACE_SECONDS')),
    );
  });
});
