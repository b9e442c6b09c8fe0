/** The part of Spacelift's GraphQL schema that its own clients use, as far as it is publicly known. */
export const SCHEMA = /* GraphQL */ `
  type Query {
    workerPools: [WorkerPool!]!
    workerPool(id: ID!): WorkerPool
  }
  type Mutation {
    apiKeyUser(id: ID!, secret: String!): User
    oauthUser(token: String!): User
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
    workerPoolDelete(id: ID!): WorkerPool!
    workerPoolCycle(id: ID!): Boolean!
    workerDrainSet(workerPool: ID!, id: ID!, drain: Boolean!): Worker
  }
  type User {
    jwt: String!
    validUntil: Int!
  }
  type WorkerPool {
    id: ID!
    name: String!
    description: String
    labels: [String!]!
    space: ID!
    config: String
    driftDetectionRunLimit: Int
    pendingRuns: Int!
    busyWorkers: Int!
    workers: [Worker!]!
  }
  type Worker {
    id: ID!
    busy: Boolean!
    drained: Boolean!
    metadata: String!
    createdAt: Int!
  }
`;
