import { LAUNCHER_IMAGE, LAUNCHER_MOUNTS } from '../docker/launcher-container.ts';
import type { Value } from '../format/hcl/hcl.ts';

/** The values of a task definition: references for Terraform, text for plain JSON. */
export interface Task<T> {
  readonly family: string;
  readonly arch: 'x86_64' | 'arm64';
  readonly launchType: 'EC2';
  readonly settings: Readonly<Record<string, string>>;
  /** Seconds that the launcher has to stop. */
  readonly stopTimeout: number;
  readonly tokenSecret: T;
  readonly keySecret: T;
  readonly executionRole: T;
  readonly logGroup: T;
  readonly region: T;
}

/** Returns ECS's name of an architecture. */
export function cpuArchitecture(arch: 'x86_64' | 'arm64'): 'X86_64' | 'ARM64' {
  return arch === 'arm64' ? 'ARM64' : 'X86_64';
}

/** Returns the container definitions (ECS API Reference, ContainerDefinition), for `jsonencode` and for plain JSON. */
export function containerDefinitions<T extends Value>(task: Task<T>) {
  return [
    {
      name: 'launcher',
      image: LAUNCHER_IMAGE,
      // Otherwise ECS resolves a tag once for each deployment, and a launcher that starts months later is as old.
      ...(LAUNCHER_IMAGE.endsWith(':latest') && { versionConsistency: 'disabled' }),
      essential: true,
      // This does not limit runs, which have their own containers.
      memoryReservation: 512,
      environment: Object.entries(task.settings).map(([name, value]) => ({ name, value })),
      secrets: [
        { name: 'SPACELIFT_TOKEN', valueFrom: task.tokenSecret },
        { name: 'SPACELIFT_POOL_PRIVATE_KEY', valueFrom: task.keySecret },
      ],
      mountPoints: LAUNCHER_MOUNTS.map(({ name, path }) => ({
        sourceVolume: name,
        containerPath: path,
        readOnly: false,
      })),
      // Time for a run to end after the task is stopped. Only on Fargate is 120 the most (ECS API, ContainerDefinition).
      stopTimeout: task.stopTimeout,
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': task.logGroup, 'awslogs-region': task.region, 'awslogs-stream-prefix': 'launcher' },
      },
    },
  ];
}

/** Formats the document that `aws ecs register-task-definition --cli-input-json` takes. */
export function taskDefinitionJson(task: Task<string>): string {
  const document = {
    family: task.family,
    requiresCompatibilities: [task.launchType],
    networkMode: 'bridge',
    executionRoleArn: task.executionRole,
    runtimePlatform: { cpuArchitecture: cpuArchitecture(task.arch), operatingSystemFamily: 'LINUX' },
    volumes: LAUNCHER_MOUNTS.map(({ name, path }) => ({ name, host: { sourcePath: path } })),
    containerDefinitions: containerDefinitions(task),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
