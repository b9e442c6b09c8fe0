/**
 * The part of Spacelift's GraphQL schema that its own clients use. The schema is not public; each entry has the source of
 * its name and type: PROV is spacelift-io/terraform-provider-spacelift@85652615, CLI spacelift-io/spacectl@490d0dd, AUTO
 * spacelift-io/ec2-workerpool-autoscaler@8ca3474, BRU spacelift-io/spacelift-api-bruno@a9896a2 (checked there against the
 * live schema), EXP spacelift-io/prometheus-exporter@5c70d6d. A Go pointer is a nullable field.
 */
export const SCHEMA = /* GraphQL */ `
  type Query {
    # CLI internal/cmd/authenticated/viewer.go: null if nobody is logged in.
    viewer: User
    # CLI internal/cmd/workerpools/pool.go
    workerPools: [WorkerPool!]!
    # PROV spacelift/resource_worker_pool.go: null if it does not exist or is not accessible.
    workerPool(id: ID!): WorkerPool
    # spacelift-io/spacectl@85a1c40 internal/cmd/space/mcp.go
    spaces: [Space!]!
  }
  type Mutation {
    # CLI client/session/api_key.go, client/session/github_token.go
    apiKeyUser(id: ID!, secret: String!): User
    oauthUser(token: String!): User
    # PROV spacelift/resource_worker_pool.go; without a drift limit: BRU Spacelift/Worker Pools/Create Worker Pool.bru
    workerPoolCreate(
      name: String!
      certificateSigningRequest: String!
      description: String
      labels: [String!]
      space: ID
      driftDetectionRunLimit: Int
    ): WorkerPool!
    workerPoolReset(id: ID!, certificateSigningRequest: String!): WorkerPool!
    workerPoolUpdate(
      id: ID!
      name: String!
      description: String
      labels: [String!]
      space: ID
      driftDetectionRunLimit: Int
    ): WorkerPool!
    workerPoolDelete(id: ID!): WorkerPool
    # PROV spacelift/resource_worker_pool_recycle.go
    workerPoolCycle(id: ID!): Boolean!
    # CLI internal/cmd/workerpools/worker.go
    workerDrainSet(workerPool: ID!, id: ID!, drain: Boolean!): Worker
  }
  # CLI client/session/user.go and internal/cmd/authenticated/viewer.go
  type User {
    id: ID!
    name: String!
    jwt: String
    validUntil: Int
  }
  type WorkerPool {
    # PROV spacelift/internal/structs/worker_pool.go, which reads config at every refresh
    id: ID!
    name: String!
    config: String!
    description: String
    labels: [String!]!
    space: ID!
    driftDetectionRunLimit: Int
    # CLI internal/cmd/workerpool/mcp.go
    createdAt: Int!
    updatedAt: Int!
    deleted: Boolean!
    spaceDetails: Space!
    workersCount: Int!
    busyWorkers: Int!
    pendingRuns: Int!
    managedByK8sController: Boolean!
    # EXP collector.go
    schedulableRunsCount: Int!
    # CLI internal/cmd/draw/data/workerpools.go and client/structs/search.go
    searchSchedulableRuns(input: SearchInput!): SearchSchedulableRunsOutput!
    # CLI internal/cmd/workerpools/worker.go
    workers: [Worker!]!
  }
  type Space {
    id: ID!
    name: String!
    # spacelift-io/spacectl@85a1c40 internal/cmd/space/mcp.go
    description: String!
    parentSpace: ID
  }
  type Worker {
    # AUTO internal/worker.go
    id: ID!
    busy: Boolean!
    drained: Boolean!
    metadata: String!
    createdAt: Int!
    availableAt: Int
    # BRU Spacelift/Worker Pools/Set Worker Drain.bru; its values are not publicly known.
    status: String!
  }
  input SearchInput {
    first: Int
    after: String
    fullTextSearch: String
    orderBy: QueryOrder
  }
  input QueryOrder {
    field: String!
    direction: String!
  }
  type SearchSchedulableRunsOutput {
    edges: [SchedulableRunEdge!]!
    pageInfo: PageInfo!
  }
  type SchedulableRunEdge {
    node: SchedulableRun!
  }
  type SchedulableRun {
    position: Int!
    stackId: ID!
    run: Run!
  }
  type Run {
    id: ID!
    createdAt: Int!
    state: String!
    type: String!
    title: String!
  }
  type PageInfo {
    endCursor: String!
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
  }
`;

/** Removes fields and arguments, as in a release of Spacelift Self-Hosted that is older than them. */
export function schemaWithout(names: readonly string[]): string {
  const isKept = (line: string) => !names.some((name) => RegExp(`^ *${name}[:(]`).test(line));
  return SCHEMA.split('\n').filter(isKept).join('\n');
}
