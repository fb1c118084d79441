/**
 * A smoke test that needs no test framework and nothing installed: it starts a small job on a running server, follows it over
 * server-sent events to its end, and says what it saw. `npm run smoke`, or `node launcher/smoke.js http://host:port`.
 */
const server = process.argv[2] ?? `http://127.0.0.1:${process.env.PORT ?? 4000}`;
const deadline = AbortSignal.timeout(60_000);

/**
 * @param {string} query
 * @param {object} variables
 * @param {string} accept
 */
async function request(query, variables, accept) {
  const response = await fetch(`${server}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ query, variables }),
    signal: deadline,
  });
  if (!response.ok) throw new Error(`${server} answered ${response.status}: ${await response.text()}`);
  return response;
}

/**
 * @param {string} query
 * @param {object} variables
 */
async function mutate(query, variables) {
  const { data, errors } = await (await request(query, variables, 'application/json')).json();
  if (errors) throw new Error(errors[0].message);
  return data;
}

/**
 * @param {string} query
 * @param {object} variables
 */
async function* subscribe(query, variables) {
  const response = await request(query, variables, 'text/event-stream');
  if (!response.body) throw new Error(`${server} answered without a stream`);
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = event.split('\n').find((line) => line.startsWith('data: '));
      if (!data || data === 'data: ') continue;
      const { data: payload, errors } = JSON.parse(data.slice(6));
      if (errors) throw new Error(errors[0].message);
      if (payload) yield payload;
    }
  }
}

async function run() {
  const { createJob: job } = await mutate(
    `mutation ($input: CreateJobInput!) { createJob(input: $input) { __typename ... on Job { id } ... on Error { message } } }`,
    {
      input: {
        workflow: 'simulated-pipeline',
        input: { stageDuration: '200ms', failureRate: 0 },
        subject: 'smoke test',
      },
    },
  );
  if (job.__typename !== 'Job') throw new Error(`the job was refused: ${job.message}`);
  console.log(`created ${job.id}`);

  let lines = 0;
  const log = (async () => {
    for await (const { stepLogged } of subscribe(
      `subscription ($id: ID!) { stepLogged(jobId: $id) { lines { seq } } }`,
      { id: job.id },
    )) {
      for (const { seq } of stepLogged.lines) {
        lines += 1;
        if (seq !== lines) throw new Error(`log line ${lines} came as number ${seq}`);
      }
    }
  })();
  for await (const { jobUpdated } of subscribe(
    `subscription ($id: ID!) { jobUpdated(id: $id) { job { status error { message } progress { completedSteps totalSteps } } } }`,
    { id: job.id },
  )) {
    const { status, error, progress } = jobUpdated.job;
    console.log(`${status} ${progress.completedSteps}/${progress.totalSteps}`);
    if (status === 'FAILED' || status === 'CANCELLED')
      throw new Error(`the job ended as ${status}: ${error?.message ?? 'no reason given'}`);
    if (status === 'COMPLETED') break;
  }
  await log;
  if (lines === 0) throw new Error('the job wrote no log line');
  console.log(`ok: completed, ${lines} log lines, each once and in order`);
}

run().catch((error) => {
  const reason =
    error.cause?.code === 'ECONNREFUSED' ? `nothing listens at ${server}; start it with npm start` : error.message;
  console.error(`smoke test failed: ${reason}`);
  process.exitCode = 1;
});
