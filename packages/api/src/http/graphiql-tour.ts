/** What a person finds in GraphiQL on the first visit: each tab is a step from the first look to a job that is watched live. */
export const GRAPHIQL_TOUR = [
  {
    query: `# 1. Which workflows are there?
# Run it with Ctrl-Enter. Hover over a field
# for its description; the icon at the top
# left has the whole API. An example for each
# operation is at /graphql/examples.
query Workflows {
  workflows(first: 20) {
    totalCount
    edges {
      node {
        slug
        name
        description
        inputSchema
        steps { key type needs }
      }
    }
  }
}
`,
  },
  {
    query: `# 2. Make a job. The answer is the job, or an
# error that says what to do. Copy the id.
mutation CreateJob($input: CreateJobInput!) {
  createJob(input: $input) {
    ... on Job { id status }
    ... on InvalidInput { message issues { path message } }
    ... on Error { message code }
  }
}
`,
    variables: '{\n  "input": { "workflow": "simulated-pipeline", "input": {} }\n}',
  },
  {
    query: `# 3. Watch jobs live: all of them, or the one
# whose id you set. Run it again with the last
# cursor as "after": nothing is lost, nothing
# comes twice.
subscription WatchJobs($id: ID, $after: String) {
  jobUpdated(id: $id, after: $after) {
    cursor
    deletedId
    job {
      id
      status
      progress {
        percent
        currentStep { key name }
      }
      allowedActions
      error { message category }
    }
  }
}
`,
    variables: '{\n  "id": null,\n  "after": null\n}',
  },
  {
    query: `# 4. Follow the log of a job. It completes by
# itself when the job has ended.
subscription FollowLog($jobId: ID!) {
  stepLogged(jobId: $jobId) {
    cursor
    lines { at level stepKey message }
  }
}
`,
    variables: '{\n  "jobId": "paste the id of your job"\n}',
  },
  {
    query: `# 5. The newest jobs and what became of them.
query Jobs($filter: JobFilter) {
  jobCounts { status count }
  jobs(first: 10, filter: $filter) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges {
      node {
        id
        status
        workflow { name }
        durationMs
        error { message step { key } }
        steps { key status durationMs output }
      }
    }
  }
}
`,
    variables: '{\n  "filter": { "status": ["RUNNING", "COMPLETED", "FAILED"] }\n}',
  },
  {
    query: `# 6. Where the server wants a token, put it
# into the headers below.
query Viewer {
  viewer { name scopes signedInBy expiresAt }
}
`,
    headers: '{\n  "Authorization": "Bearer sbx_api_…"\n}',
  },
];
