export const sampleLanguages = [
  { value: 'curl', name: 'curl' },
  { value: 'javascript', name: 'JavaScript' },
  { value: 'python', name: 'Python' },
] as const;

type SampleLanguage = (typeof sampleLanguages)[number]['value'];

/** Whole programs without packages: submit, then ask until the job has ended. */
export const samples: Record<SampleLanguage, (origin: string, key: string) => string> = {
  curl: (origin, key) => `KEY=${key}

curl -s ${origin}/api/v1/generate \\
  -H "Authorization: Bearer $KEY" \\
  -H "Content-Type: application/json" \\
  -H "Idempotency-Key: $(uuidgen)" \\
  -d '{"prompt": "a smiling cat"}'

# with the job_id of the answer
curl -s ${origin}/api/v1/jobs/JOB_ID -H "Authorization: Bearer $KEY"`,

  javascript: (origin, key) => `const url = '${origin}/api/v1';
const headers = { authorization: 'Bearer ${key}', 'content-type': 'application/json' };

const submitted = await fetch(\`\${url}/generate\`, {
  method: 'POST',
  headers: { ...headers, 'idempotency-key': crypto.randomUUID() },
  body: JSON.stringify({ prompt: 'a smiling cat' }),
});
const { job_id } = await submitted.json();

let job;
do {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  job = await (await fetch(\`\${url}/jobs/\${job_id}\`, { headers })).json();
} while (['backlogged', 'queued', 'running'].includes(job.status));
console.log(job.status, job.charged_credits, job.images.map((image) => image.url));`,

  python: (origin, key) => `import json, time, urllib.request, uuid

url = "${origin}/api/v1"
headers = {"Authorization": "Bearer ${key}", "Content-Type": "application/json"}

def call(path, body=None, more={}):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data, {**headers, **more})
    return json.load(urllib.request.urlopen(request))

job = call("/generate", {"prompt": "a smiling cat"}, {"Idempotency-Key": str(uuid.uuid4())})
while job["status"] in ("backlogged", "queued", "running"):
    time.sleep(1)
    job = call("/jobs/" + job["job_id"])
print(job["status"], job["charged_credits"], [image["url"] for image in job["images"]])`,
};
